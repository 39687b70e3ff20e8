"""A folder of images with a ``.pts`` file beside each."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fanet_mmpose.datasets.converters.custom_common import split_of
from fanet_mmpose.datasets.converters.pts import read_pts
from fanet_mmpose.datasets.converters.records import FaceRecord, Rows, all_visible, try_row
from fanet_mmpose.datasets.converters.source import IMAGE_SUFFIXES, Source
from fanet_mmpose.geometry.schemas import PointSchema


def read_pts_folder(source: Source, schema: PointSchema, base: float) -> Rows:
    """One face per ``.pts`` file; folders named train, val or test are the splits."""
    images = {
        path.with_suffix(''): path for path in source.files if path.suffix.lower() in IMAGE_SUFFIXES
    }
    for path in source.find('*.pts'):
        image = images.get(path.with_suffix(''))
        parse = partial(_parse, source, schema, path, image, base)
        yield try_row(source.relative(path), path.stem, parse)


def _parse(
    source: Source, schema: PointSchema, path: Path, image: Path | None, base: float
) -> FaceRecord:
    points = read_pts(path, schema.num_points, base)
    if image is None:
        raise ValueError(f'no image beside {path.name}')
    return FaceRecord(
        name=source.relative(image),
        image=image,
        points=points,
        visibility=all_visible(points),
        split=split_of(*source.parts(path)[1:]),
        where=source.relative(path),
    )
