"""What makes one head look as it does: random shape, expression, gaze and view."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fanet_mmpose.synthetic.face_mesh import FaceMesh, face_mesh
from fanet_mmpose.synthetic.shape_modes import MODE_NAMES
from fanet_mmpose.synthetic.variety import Variety

_EXPRESSIONS = (
    'jaw_open', 'close_lips', 'frown', 'raise_brows', 'smile', 'smile_left', 'smile_right', 'sad',
    'pucker', 'snarl', 'puff', 'blink_left', 'blink_right', 'squint_left', 'squint_right',
)  # fmt: skip


def _shape_spread(name: str) -> float:
    """Standard deviation of a mode's coefficient between people; 0 for expressions."""
    if name in _EXPRESSIONS:
        return 0.0
    if name.endswith(('_left', '_right')):
        return 0.11
    return 0.5 if name.startswith('soft_') else 0.36 if name.startswith('skew') else 0.45


# Children: a low, round face, large eyes, a small nose, no brow ridge.
_CHILD_SHARE = 0.1
_CHILD_MODES = {
    'lower_face_length': -1.5, 'chin_length': -0.9, 'jaw_width': -0.5, 'cheek_fat': 1.2,
    'nose_length': -0.9, 'nose_out': -1.2, 'nose_bridge': -0.9, 'nose_tip_up': 0.6,
    'eye_wide': 0.9, 'brow_ridge': -1.0, 'mouth_wide': -0.6, 'mouth_height': -0.5,
}  # fmt: skip
_CHILD = np.array([_CHILD_MODES.get(name, 0.0) for name in MODE_NAMES])
_SHAPE_SPREADS = np.array([_shape_spread(name) for name in MODE_NAMES])


@dataclass(frozen=True)
class HeadState:
    """What makes one head look as it does, light and colour apart.

    Attributes:
        coefficients: [len(MODE_NAMES)].
        angles: yaw (positive: turned to the right of the image), pitch (positive: chin down),
            roll (positive: clockwise), degrees.
        gaze: yaw and pitch of the eyes relative to the head, degrees.
        distance: from the camera to the head's origin, mm.
    """

    coefficients: np.ndarray
    angles: np.ndarray
    gaze: np.ndarray
    distance: float

    @property
    def mesh(self) -> FaceMesh:
        """The head that these coefficients move."""
        return face_mesh()

    @property
    def smile(self) -> float:
        """Strength of the smile."""
        return float(self.coefficients[MODE_NAMES.index('smile')])

    def with_modes(self, **values: float) -> HeadState:
        """The same head with other coefficients of some modes, by name, see `MODE_NAMES`."""
        coefficients = self.coefficients.copy()
        for name, value in values.items():
            coefficients[MODE_NAMES.index(name)] = value
        return replace(self, coefficients=coefficients)

    def with_closed_mouth(self) -> HeadState:
        """The same head with its lips together: cloth over a mouth has no opening."""
        return self.with_modes(jaw_open=0, close_lips=1)


def _draw_expression(rng: np.random.Generator) -> dict[str, float]:
    """A handful of movements that go together."""
    mood = rng.random()
    face = {'close_lips': 1.0, 'smile': rng.normal(0.1, 0.15), 'raise_brows': rng.normal(0, 0.25)}
    if mood < 0.5:
        face |= {'smile': rng.uniform(0.3, 1.4), 'squint_left': rng.uniform(0, 0.8)}
        face['squint_right'] = face['squint_left']
        toothy = rng.random() < 0.65
        face['jaw_open'] = rng.uniform(0.08, 0.34) if toothy else max(0.0, rng.normal(0, 0.05))
        face['smile_left'] = rng.normal(0, 0.12)
    elif mood < 0.6:
        face |= {'jaw_open': rng.uniform(0.2, 1.0), 'raise_brows': rng.uniform(0, 1)}
    elif mood < 0.68:
        face |= {
            'frown': rng.uniform(0.3, 1),
            'sad': rng.uniform(0, 1),
            'snarl': rng.uniform(0, 0.6),
        }
    elif mood < 0.74:
        face |= {'pucker': rng.uniform(0.2, 1), 'puff': rng.uniform(0, 0.7)}
    else:
        face['jaw_open'] = max(0.0, rng.normal(-0.03, 0.08))
    if face.get('jaw_open', 0) > 0.03 or rng.random() < 0.35:
        face['close_lips'] = rng.uniform(0, 0.5)
    lids = rng.normal(0.06, 0.12) if rng.random() < 0.88 else rng.uniform(0.4, 1.0)
    for side in ('left', 'right'):
        face[f'blink_{side}'] = np.clip(lids + rng.normal(0, 0.02), -0.25, 1.0)
    return face


def draw_head_state(rng: np.random.Generator, variety: Variety) -> HeadState:
    """Draw a head at random."""
    shape = np.clip(rng.normal(0, 1, len(MODE_NAMES)) * _SHAPE_SPREADS, -1.3, 1.3)
    if rng.random() < _CHILD_SHARE:
        shape += rng.uniform(0.5, 1.1) * _CHILD
    coefficients = variety.shape * shape
    expression = _draw_expression(rng)
    for name, value in expression.items():
        calm = 1.0 if name == 'close_lips' else 0.0
        coefficients[MODE_NAMES.index(name)] = calm + variety.expression * (value - calm)
    # Half of the views within a third of the range, the rest anywhere in it.
    limits = np.array([variety.yaw, variety.pitch, variety.roll])
    near = np.clip(rng.normal(0, 0.3, 3), -1, 1)
    angles = limits * np.where(rng.random(3) < 0.7, near, rng.uniform(-1, 1, 3))
    gaze = np.clip(rng.normal(0, [11, 6]), -28, 18) * variety.expression
    return HeadState(coefficients, angles, gaze, float(np.exp(rng.uniform(*np.log([480, 2600])))))
