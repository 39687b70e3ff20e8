"""The neutral face behind the numbered pictures is a face, in every schema."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.schema_pictures import neutral_face, save_schema_pictures
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import convert, get_schema, known_schemas


@pytest.mark.parametrize('name', known_schemas())
def test_neutral_face_is_symmetric(name: str) -> None:
    points = neutral_face(name)
    assert len(points) == get_schema(name).num_points
    mirrored = points[get_schema(name).flip_indices] * [-1, 1]
    np.testing.assert_allclose(points, mirrored, atol=1.0)  # mm


@pytest.mark.parametrize('name', known_schemas())
def test_left_is_left_and_parts_are_in_order(name: str) -> None:
    points, schema = neutral_face(name), get_schema(name)
    left, right = (points[list(group)].mean(axis=0) for group in schema.eye_corners)
    assert left[0] < 0 < right[0]
    order = [part for part in ('brows', 'eyes', 'nose', 'mouth') if part in schema.parts]
    heights = [points[list(schema.parts[part]), 1].mean() for part in order]
    assert heights == sorted(heights)


def test_lapa_agrees_with_its_conversion() -> None:
    converted = convert(neutral_face('lapa106'), 'lapa106', '300w68')
    np.testing.assert_allclose(converted, neutral_face('300w68'), atol=1e-6)


def test_pictures(tmp_path: Path) -> None:
    paths = save_schema_pictures(tmp_path / 'new', ('mtfl5', 'aflw19'))
    assert [path.name for path in paths] == ['mtfl5.png', 'aflw19.png']
    assert cv2.imread(str(paths[0])).std() > 5


def test_unknown(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='no picture of dlib'):
        save_schema_pictures(tmp_path, ('dlib',))
