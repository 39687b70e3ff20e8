"""Annotation files of the custom formats and of the releases, through the converter."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np

from fanet_mmpose.datasets.converters import Options, aflw, convert, convert_dataset
from fanet_mmpose.geometry.schemas import load_schema
from helpers.custom_files import WRITERS, images
from helpers.fuzz.target import Target
from helpers.kind_files import NAMES, SCHEMA
from helpers.tiny_releases import (
    aflw_variables,
    files_300w,
    files_lapa,
    toy_face,
    wflw_lists,
    write_aflw,
    write_cofw,
    write_files,
    write_wflw,
)

SCHEMA_FILE = 'mask7.yaml'


def convert_folder(dataset: str, layout: str | None = None) -> None:
    """As `prepare_dataset.py` without its contact sheet, which takes most of the time."""
    schema = SCHEMA_FILE if dataset == 'custom' else None
    options = Options(dataset, (Path('in'),), Path('out'), schema=schema, layout=layout)
    with (
        patch.object(convert, 'write_contact_sheet', lambda *arguments: None),
        patch.object(aflw, 'TRAIN_FACES', 8),
    ):
        convert_dataset(options)


def dataset_targets() -> Iterator[Target]:
    """One for each custom format, for schemas, and for each release."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SCHEMA_FILE
        path.write_text(SCHEMA)
        schema = load_schema(path)
    points = np.stack([toy_face(schema, seed).round(2) for seed in range(12)])
    pictures = {f'in/{name}': content for name, content in images().items()}
    for layout, write in WRITERS.items():
        given = {f'in/{name}': content for name, content in write(points, NAMES).items()}
        files = {**pictures, **given, SCHEMA_FILE: SCHEMA.encode()}
        yield Target(f'custom {layout}', files, [*given], partial(convert_folder, 'custom', None))
    yield Target('schema', {SCHEMA_FILE: SCHEMA.encode()}, [SCHEMA_FILE],
                 partial(load_schema, SCHEMA_FILE))  # fmt: skip
    for name, write in RELEASES.items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder))
            paths = [path for path in Path(folder).rglob('*') if path.is_file()]
            files = {f'in/{path.relative_to(folder)}': path.read_bytes() for path in paths}
        yield Target(name, files, sorted(files), partial(convert_folder, name))


def _write_aflw(folder: Path) -> None:
    write_aflw(folder, aflw_variables())


def _write_wflw(folder: Path) -> None:
    write_wflw(folder, *wflw_lists())


RELEASES: dict[str, Callable[[Path], object]] = {
    'wflw': _write_wflw,
    'cofw': write_cofw,
    'aflw': _write_aflw,
    '300w': lambda folder: write_files(folder, files_300w()),
    'lapa': lambda folder: write_files(folder, files_lapa()),
}
