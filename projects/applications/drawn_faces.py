"""Drawn faces with every kind of lid and jaw, and what a network finds on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.head_model import landmarks_3d
from fanet_mmpose.synthetic.head_state import HeadState
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety

SIZE = 256
CLOSED_SHARE, ONE_EYE_SHARE = 0.3, 0.2
SCHEMA = '300w68'


@dataclass(frozen=True, eq=False)
class DrawnFace:
    """What was drawn and what was found.

    Attributes:
        image: [H, W, 3] uint8, blue first.
        points: [68, 2] px, as drawn.
        visible: [68] bool.
        head: [68, 3] mm, the drawn head without its turn, x right, y down.
        angles: [3] yaw, pitch, roll in degrees.
        found: by the network, in the tight box of the drawn points.
    """

    image: np.ndarray
    points: np.ndarray
    visible: np.ndarray
    head: np.ndarray
    angles: np.ndarray
    found: FaceLandmarks


def draw_faces(
    find: FaceLandmarker, seed: int, number: int, variety: Variety | None = None
) -> Iterator[DrawnFace]:
    """Faces of a seed: lids and jaws of any angle, both eyes shut in `CLOSED_SHARE` of them."""
    for index in range(number):
        rng = np.random.default_rng((seed, index))
        modes = random_openness(rng)

        def change(state: HeadState, modes: dict[str, float] = modes) -> HeadState:
            return state.with_modes(**modes)

        face = render_face((seed, index), SIZE, variety or Variety(), change)
        points, visible = face.points.to_schema(SCHEMA)
        found = find.find([face.image], [[tight_box(points)]])[0][0]
        state = face.head.state
        yield DrawnFace(face.image, points, visible, landmarks_3d(state), state.angles, found)


def random_openness(rng: np.random.Generator) -> dict[str, float]:
    """Coefficients of the modes that open and shut a face."""
    lids = np.repeat(rng.uniform(-0.2, 1), 2)
    if rng.random() < CLOSED_SHARE:
        lids[:] = 1
    elif rng.random() < ONE_EYE_SHARE:
        lids[rng.integers(2)] = 1
    jaw = max(0.0, rng.uniform(-0.5, 1))
    close = 1.0 if jaw < 0.05 else rng.uniform(0, 0.5)
    return dict(blink_left=lids[0], blink_right=lids[1], jaw_open=jaw, close_lips=close)
