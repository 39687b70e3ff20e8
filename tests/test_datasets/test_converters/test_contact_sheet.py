"""The contact sheet shows points where they are, and pairs in their colours."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.datasets.converters.contact_sheet import NUMBERED, write_contact_sheet
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.schemas import get_schema
from tests.helpers.tiny_releases import toy_face

SCHEMA = get_schema('mtfl5')


def sheet(tmp_path: Path, points: np.ndarray) -> np.ndarray:
    image = tmp_path / 'a.png'
    cv2.imwrite(str(image), np.full((96, 96, 3), 128, np.uint8))
    face = FaceRecord('a.png', image, points, np.full(5, 2), 'train', 'a:1', fold='train')
    write_contact_sheet(tmp_path / 'sheet.png', [face], SCHEMA, lambda record: record.image)
    return cv2.imread(str(tmp_path / 'sheet.png'))


def test_a_mirrored_face_shows_its_colours_exchanged(tmp_path: Path) -> None:
    def mean_x_of_blue(picture: np.ndarray) -> float:
        large = picture[:, :NUMBERED].astype(int)
        return float(np.nonzero((large[..., 0] - large[..., 2]) > 150)[1].mean())

    points = toy_face(SCHEMA)
    assert mean_x_of_blue(sheet(tmp_path, points)) < NUMBERED / 2
    assert mean_x_of_blue(sheet(tmp_path, points[SCHEMA.flip_indices])) > NUMBERED / 2


def test_points_are_drawn_where_they_are(tmp_path: Path) -> None:
    points = np.array([[20.0, 20.0], [76.0, 20.0], [48.0, 48.0], [20.0, 76.0], [76.0, 76.0]])
    large = sheet(tmp_path, points)[:, :NUMBERED].astype(int)
    green = np.nonzero(large[..., 1] - large[..., 0] > 100)
    # The nose is in the middle of the points' box, so in the middle of the square.
    np.testing.assert_allclose([green[1].mean(), green[0].mean()], (NUMBERED - 1) / 2, atol=1)
