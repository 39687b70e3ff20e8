"""Tiny releases of every data set, and their conversions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters import Options, aflw, convert_dataset
from tests.helpers.kind_files import SCHEMA
from tests.helpers.tiny_releases import (
    NAMES,
    aflw_variables,
    files_300w,
    files_lapa,
    wflw_lists,
    write_aflw,
    write_cofw,
    write_files,
    write_wflw,
)


@pytest.fixture(autouse=True)
def _small_aflw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aflw, 'TRAIN_FACES', 8)


@pytest.fixture(scope='session')
def releases(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Folder of each tiny release; read only."""
    folders = {name: tmp_path_factory.mktemp(f'release_{name}') for name in NAMES}
    write_wflw(folders['wflw'], *wflw_lists())
    write_cofw(folders['cofw'])
    write_aflw(folders['aflw'], aflw_variables())
    write_files(folders['300w'], files_300w())
    write_files(folders['lapa'], files_lapa())
    return folders


@pytest.fixture(scope='session')
def convert(
    releases: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Root of a converted tiny release, made once; read only."""

    @cache
    def made(name: str) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aflw, 'TRAIN_FACES', 8)
            out = tmp_path_factory.mktemp('out') / name
            convert_dataset(Options(name, (releases[name],), out))
        return out

    return made


@pytest.fixture
def no_contact_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversions draw none, which would be most of their time."""
    target = 'fanet_mmpose.datasets.converters.convert.write_contact_sheet'
    monkeypatch.setattr(target, lambda *arguments: None)


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """A point set of the user's own, seven points."""
    path = tmp_path / 'mask7.yaml'
    path.write_text(SCHEMA)
    return path
