"""Marks of absent points that nobody has named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters.marks import Marks, without_marks
from fanet_mmpose.datasets.converters.placeholders import refuse_placeholders
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import toy_face


@pytest.mark.parametrize('axis', [0, 1])
def test_half_of_a_mark(axis: int) -> None:
    points = toy_face(get_schema('mtfl5'))
    points[3, axis] = -1
    with pytest.raises(ValueError, match='point 3 is at .*half of a mark'):
        without_marks(points, np.full(5, 2), Marks())
    kept, _ = without_marks(points, np.full(5, 2), Marks((), signs=False))
    np.testing.assert_array_equal(kept, points)


def faces(count: int, marked: int, at: tuple[float, float], points: int = 1) -> list[FaceRecord]:
    """Faces of which the first ones have their last points at one place."""
    found = []
    for i in range(count):
        xy = toy_face(get_schema('300w68'), i) + 200
        xy[68 - points :] = at if i < marked else xy[68 - points :]
        found.append(FaceRecord(f'{i}.jpg', Path('a'), xy, np.full(68, 2), '', f'a.csv:{i + 2}'))
    return found


@pytest.mark.parametrize('points', [1, 2])
@pytest.mark.parametrize('at', [(-3.0, -7.0), (5.0, 5.0), (9999.0, 0.0)])
def test_one_place_far_from_several_faces(at: tuple[float, float], points: int) -> None:
    said = re.escape(f'a.csv:2: a point is at ({at[0] + 1:g}, {at[1] + 1:g}), far from its face')
    with pytest.raises(UserError, match=f'{said}, and in 3 faces'):
        refuse_placeholders(faces(8, 3, at, points), 1.0)
    refuse_placeholders(faces(8, 2, at, points), 1.0)


def test_points_in_one_place_that_belong_to_the_face() -> None:
    refuse_placeholders(faces(8, 8, (250.0, 250.0)), 0.0)
    hidden = [
        replace(face, visibility=np.r_[np.full(67, 2), 0]) for face in faces(8, 8, (0.0, 0.0))
    ]
    refuse_placeholders(hidden, 0.0)
