"""HOG under a linear SVM: the plane that ships on a real face, and files that hold none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.detectors.hog import (
    HogDetector,
    HogModel,
    HogOptions,
    make_descriptor,
    read_model,
)

FACE = np.array([222.0, 118])  # middle of the astronaut's face, px
SIZE = make_descriptor().getDescriptorSize()


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.mark.parametrize('factor', [0.8, 1.0, 2.0])
def test_what_ships_finds_a_real_face_at_any_size(factor: float, astronaut: np.ndarray) -> None:
    part = cv2.resize(astronaut[:300, 60:380], None, fx=factor, fy=factor)
    found = build_detector('hog')(part)
    middle = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2 / factor + [60, 0]
    assert middle == pytest.approx(FACE, abs=15)
    assert 70 < (found.boxes[0, 2] - found.boxes[0, 0]) / factor < 130
    assert 0.5 <= found.scores[0] < 1 and (np.diff(found.scores) <= 0).all()


@pytest.mark.parametrize('shape', [(1, 1), (10, 500), (63, 400), (200, 300)])
def test_nothing_in_nothing(shape: tuple[int, int]) -> None:
    found = build_detector('hog')(np.zeros((*shape, 3), np.uint8))
    assert found.boxes.shape == (0, 4) and found.scores.shape == (0,)


def test_a_lower_threshold_finds_no_fewer(astronaut: np.ndarray) -> None:
    few, many = (HogDetector(options=HogOptions(min_score=s))(astronaut) for s in (0.9, 0.05))
    assert len(many.scores) >= len(few.scores) and many.scores.min(initial=1) >= 0.05


def test_chance_and_distance_are_inverse() -> None:
    model = HogModel(np.zeros(SIZE + 1, np.float32), slope=3.0, offset=-1.0)
    assert model.distance(float(model.chance(0.4))) == pytest.approx(0.4)
    assert (np.diff(model.chance(np.linspace(-2, 2, 9))) > 0).all()


def test_files_that_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / 'a.npz'
    np.savez(path, plane=np.zeros(5, np.float32), slope=1.0, offset=0.0)
    with pytest.raises(UserError, match='a.npz: does not fit a window of 64 px'):
        read_model(path)
    path.write_bytes(b'PK\x03\x04 cut')
    for other in (path, tmp_path / 'none.npz'):
        with pytest.raises(
            UserError,
            match='is missing or no file of projects/face_detector',
        ):
            read_model(other)
