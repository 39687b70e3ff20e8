"""From an official release to a folder that trains: read, check, split, write, publish.

Everything is built in a hidden folder beside the output and renamed at the end. A run that was
interrupted is continued by the same command; one that failed leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
from tqdm import tqdm

from fanet_mmpose.datasets.converters.annotated_twice import sort_out_repetitions
from fanet_mmpose.datasets.converters.contact_sheet import write_contact_sheet
from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.mirror_pairs import wrong_pair
from fanet_mmpose.datasets.converters.options import Options
from fanet_mmpose.datasets.converters.records import BadRow, FaceRecord
from fanet_mmpose.datasets.converters.source import Source, malformed_refused
from fanet_mmpose.datasets.converters.specs import DatasetSpec
from fanet_mmpose.datasets.converters.splits import assign_folds, persons_in_several_splits
from fanet_mmpose.datasets.converters.staging import finished_run, prepare_staging, publish
from fanet_mmpose.datasets.converters.units import to_pixels
from fanet_mmpose.datasets.converters.validate import (
    QUARANTINE,
    drop_repeated,
    inspect_images,
    sort_out,
    stop_if_too_bad,
)
from fanet_mmpose.datasets.converters.writer import CocoWriter
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import (
    continuable,
    partial_name,
    write_bytes,
    write_csv,
    write_json,
    write_text,
)
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.images import load_image


def convert_dataset(options: Options) -> dict[str, Any]:
    """Make ``options.out`` and return its summary, also kept there as ``summary.json``.

    If `out` was made by the same command before, nothing is done.

    Raises:
        UserError: the release or an option is wrong, or too many rows are bad; nothing is left
            behind. Or the run was interrupted; then the same command continues it.
    """
    with continuable(options.out):
        return _convert(options)


def _convert(options: Options) -> dict[str, Any]:
    spec, schema = options.spec(), options.point_schema()
    finished = finished_run(options)
    if finished is not None:
        return finished
    staging = prepare_staging(options)
    try:
        summary = _build(options, spec, schema, staging)
        publish(staging, options, summary)
    except UserError:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return summary


def _build(
    options: Options, spec: DatasetSpec, schema: PointSchema, staging: Path
) -> dict[str, Any]:
    """Fill the staging folder."""
    source = Source(options.sources, staging / 'source', spec.archives)
    with malformed_refused(source):
        rows = list(tqdm(spec.read(source, schema), desc='read', unit='face', disable=None))
    looked_at = inspect_images(rows)
    if options.dataset == 'custom':
        faces = [row for row in rows if isinstance(row, FaceRecord)]
        others = [row for row in rows if isinstance(row, BadRow)]
        rows = [*to_pixels(faces, looked_at, options.units), *others]
    kept, bad = sort_out(rows, looked_at, schema)
    if options.dataset == 'custom':  # a release's own repetitions belong to its protocol
        kept, repeated = sort_out_repetitions(kept)
        bad += repeated
    images = {record.name: looked_at[record.name] for record in kept}
    kept = assign_folds(kept, options.resolved_val_every(), options.test_every, options.seed)
    kept, repeated = drop_repeated(kept, images)
    bad += repeated
    stop_if_too_bad(rows, bad, options.max_bad)
    if not kept:
        raise UserError('no face is left to write; see the reasons with a smaller --source')
    if not options.no_train and all(record.fold != 'train' for record in kept):
        found = ', '.join(sorted({record.fold for record in kept}))
        raise UserError(
            f'all {len(kept)} faces are in {found}, and none is left for training: add training '
            'faces to --source, or say --no-train for a set to test on'
        )
    kept, images = _with_plain_names(kept, images)
    image_dir = staging / spec.image_dir
    for record in tqdm(kept, desc='images', unit='face', disable=None):
        target = image_dir / record.name
        if images[record.name].plain:
            _place(record.image, target, staging, options.link)
        elif not target.exists():
            encoded = cv2.imencode('.png', load_image(record.image))[1]
            write_bytes(target, encoded.tobytes())
    _write_annotations(kept, images, schema, spec, staging)
    _write_val_list(kept, options, staging)
    write_csv(
        staging / QUARANTINE,
        ('where', 'image', 'reason', 'action'),
        [(row.where, row.image, row.reason, row.action) for row in bad],
    )
    write_contact_sheet(
        staging / 'contact_sheet.png', kept, schema, lambda record: image_dir / record.name
    )
    return _summary(options, spec, schema, rows, kept, bad)


def _with_plain_names(
    records: Sequence[FaceRecord], images: dict[str, ImageInfo]
) -> tuple[list[FaceRecord], dict[str, ImageInfo]]:
    """Names and images with ``.png`` after the names of those that are written anew.

    MMPose's stock loader would see other pixels in them (16 bits, a turn that it does not read).
    """
    names = {name: name if info.plain else f'{name}.png' for name, info in images.items()}
    renamed = [replace(r, name=names[r.name], photo=r.photo or r.name) for r in records]
    return renamed, {names[name]: info for name, info in images.items()}


def _place(image: Path, target: Path, staging: Path, link: bool) -> None:
    """Put an image into the output; what is there already is kept."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if staging in image.parents:
        os.link(image, target)  # unpacked by us: no second copy, and a continued run finds it
    elif link:
        target.symlink_to(image.resolve())
    else:
        partial = partial_name(target)
        shutil.copyfile(image, partial)
        partial.replace(target)


def _write_annotations(
    records: Sequence[FaceRecord],
    images: dict[str, ImageInfo],
    schema: PointSchema,
    spec: DatasetSpec,
    staging: Path,
) -> None:
    """``{train,val,test}.json`` with paths from the root, and MMPose's own files."""
    writer = CocoWriter(records, images, schema, spec.box_from_rect)
    folder = staging / 'annotations'
    for fold in sorted({record.fold for record in records}):
        chosen = [record for record in records if record.fold == fold]
        write_json(folder / f'{fold}.json', writer.coco(chosen, spec.image_dir))
    for name, choose in spec.stock_files.items():
        chosen = [record for record in records if choose(record)]
        if chosen:
            write_json(folder / f'{name}.json', writer.coco(chosen))


def _write_val_list(records: Sequence[FaceRecord], options: Options, staging: Path) -> None:
    if any(record.split == 'val' for record in records):
        return
    names = sorted({record.name for record in records if record.fold == 'val'})
    header = f'# one in {options.resolved_val_every()} training photographs, seed {options.seed}'
    write_text(staging / 'annotations' / 'val_split.txt', '\n'.join([header, *names, '']))


def _summary(
    options: Options,
    spec: DatasetSpec,
    schema: PointSchema,
    rows: Sequence[FaceRecord | BadRow],
    kept: Sequence[FaceRecord],
    bad: Sequence[BadRow],
) -> dict[str, Any]:
    return {
        'dataset': options.dataset,
        'schema': schema.name,
        'rows': len(rows),
        'faces': dict(Counter(record.fold for record in kept)),
        'images': {
            fold: len({record.name for record in kept if record.fold == fold})
            for fold in sorted({record.fold for record in kept})
        },
        'official': dict(spec.official),
        'official_found': dict(Counter(r.split for r in rows if isinstance(r, FaceRecord))),
        'quarantined': dict(Counter(row.action for row in bad)),
        'reasons': dict(Counter(row.reason for row in bad).most_common(10)),
        'val_seed': options.seed,
        'persons_in_several_splits': persons_in_several_splits(kept),
        'wrong_pair': wrong_pair(kept, schema),
    }
