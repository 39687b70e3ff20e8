"""A folder of images with a ``.pts`` file for each, beside it or in folders of the same names."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.pts import read_pts
from fanet_mmpose.datasets.converters.records import all_visible, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.schemas import PointSchema


def read_pts_folder(source: Source, schema: PointSchema) -> RawRows:
    """One face per ``.pts`` file."""
    for path in source.find('*.pts'):
        where = source.relative(path)
        yield try_row(where, path.stem, partial(_parse, path, where, schema.num_points))


def _parse(path: Path, where: str, count: int) -> RawFace:
    points = read_pts(path, count, 0.0)
    return RawFace(path, where, '', points, all_visible(points), of_one_picture=True)
