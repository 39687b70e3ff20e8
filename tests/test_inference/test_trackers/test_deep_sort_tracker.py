"""Deep SORT knows a face again by its look, where SORT has only its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.trackers import build_tracker
from fanet_mmpose.inference.trackers.appearance import Appearance

pytest.importorskip('mmdet', reason='MMDetection has this tracker')
from helpers.box_graph import write_box_graph
from helpers.taught_looks import teach_looks, two_faces, write_looks

CORNER = (60, 90)  # of the face, row and column


@pytest.fixture(scope='module')
def looks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return teach_looks(tmp_path_factory.mktemp('looks') / 'looks.onnx', two_faces())


def numbers(name: str, shown: list[int | None]) -> list[list[int]]:
    """Of a tracker that sees face 0, face 1 or none at one place, frame by frame."""
    row, column = CORNER
    there = iter(shown)

    def detect(frame: np.ndarray) -> Detections:
        found = next(there) is not None
        return Detections([[column, row, column + 64, row + 64]] * found, [0.9] * found)

    tracker = build_tracker(name, detect)
    given = []
    for face in shown:
        frame = np.full((200, 260, 3), 60, np.uint8)
        if face is not None:
            frame[row : row + 64, column : column + 64] = two_faces()[face]
        given.append(list(tracker.propose(frame)))
    return given


def test_a_face_is_known_again_after_a_gap(looks: Path) -> None:
    shown = [0, 0, 0, None, None, 0]
    assert numbers(f'deepsort:{looks}', shown) == [[1], [1], [1], [], [], [1]]
    assert numbers('sort', shown) == [[1], [1], [1], [], [], [2]]


def test_another_face_in_its_place_is_another(looks: Path) -> None:
    shown = [0, 0, 0, None, None, 1]
    assert numbers(f'deepsort:{looks}', shown)[-1] == [2]


def test_looks_are_vectors_of_length_one(looks: Path) -> None:
    look = Appearance(looks)
    assert look(np.zeros((0, 3, *look.size))).shape == (0, look.channels)
    found = look(np.random.default_rng(0).uniform(0, 255, (3, 3, *look.size)))
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_other_files_are_named(tmp_path: Path) -> None:
    import torch

    boxes = write_box_graph(tmp_path / 'boxes.onnx')
    maps = write_looks(tmp_path / 'maps.onnx', torch.nn.Conv2d(3, 4, 1))
    for path in (boxes, maps):
        with pytest.raises(UserError, match=f'{path.name}: from .* deepsort needs a network'):
            build_tracker(f'deepsort:{path}', lambda frame: None)
    with pytest.raises(UserError, match='there is no such ONNX file'):
        build_tracker('deepsort:gone.onnx', lambda frame: None)
    with pytest.raises(UserError, match='deepsort needs a network of looks: deepsort:FILE'):
        build_tracker('deepsort', lambda frame: None)
    with pytest.raises(UserError, match='sort takes no file'):
        build_tracker('sort:gone.onnx', lambda frame: None)


def test_the_pictures_of_the_test_differ() -> None:
    assert data.camera().shape == (512, 512)
    woman, man = two_faces()
    assert np.abs(woman.astype(int) - man).mean() > 20
