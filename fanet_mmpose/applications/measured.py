"""The applications that one can ask for by name, of one face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.applications.openness import Eyes, Openness, eye_openness, mouth_openness
from fanet_mmpose.applications.pose import HeadPose, head_pose
from fanet_mmpose.errors import UserError

# Name -> its columns in tables, which have one number each.
APPLICATIONS: dict[str, tuple[str, ...]] = {
    'pose': (
        'pose_yaw', 'pose_pitch', 'pose_roll',
        'pose_yaw_sigma', 'pose_pitch_sigma', 'pose_roll_sigma',
    ),
    'eyes': ('eye_right', 'eye_right_sigma', 'eye_left', 'eye_left_sigma'),
    'mouth': ('mouth', 'mouth_sigma'),
}  # fmt: skip
TEXT_COLOUR = (255, 160, 0)


def check_applications(names: Iterable[str]) -> tuple[str, ...]:
    """Names in the order of `APPLICATIONS`, each once. Raises `UserError` for an unknown one."""
    asked = tuple(names)
    for name in asked:
        if name not in APPLICATIONS:
            there = ', '.join(APPLICATIONS)
            raise UserError(f'unknown application {name!r}; one or more of {there}')
    return tuple(name for name in APPLICATIONS if name in asked)


def columns_of(names: Iterable[str]) -> tuple[str, ...]:
    """Columns of tables for these applications."""
    return tuple(column for name in names for column in APPLICATIONS[name])


@dataclass(frozen=True, eq=False)
class Measured:
    """What was asked for of a face; None where the face is too hidden or was not asked.

    Attributes:
        names: of the applications, see `check_applications`.
    """

    names: tuple[str, ...]
    pose: HeadPose | None = None
    eyes: Eyes | None = None
    mouth: Openness | None = None

    def to_dict(self, digits: int = 3) -> dict[str, Any]:
        """By name: the plain numbers of each, or None."""
        parts = {name: getattr(self, name) for name in self.names}
        return {name: part and part.to_dict(digits) for name, part in parts.items()}

    def row(self, digits: int = 3) -> dict[str, float | None]:
        """By column, see `columns_of`."""
        angles = self.pose and [self.pose.yaw, self.pose.pitch, self.pose.roll]
        eyes = self.eyes and (self.eyes.right, self.eyes.left)
        numbers = {
            'pose': self.pose and [*angles, *self.pose.sigmas.tolist()],
            'eyes': eyes and [number for eye in eyes for number in (eye.value, eye.sigma)],
            'mouth': self.mouth and [self.mouth.value, self.mouth.sigma],
        }
        cells: dict[str, float | None] = {}
        for name in self.names:
            values = numbers[name] or [None] * len(APPLICATIONS[name])
            rounded = [value if value is None else round(value, digits) for value in values]
            cells.update(zip(APPLICATIONS[name], rounded, strict=True))
        return cells

    def draw(self, image: np.ndarray, corner: np.ndarray, height: float) -> np.ndarray:
        """A copy of a blue-first picture with axes and texts.

        Args:
            image: uint8 [H, W, 3].
            corner: x, y px under which the texts begin.
            height: of the face, px, for the size of the texts.
        """
        image = self.pose.draw(image) if self.pose else image.copy()
        size = max(0.35, height / 350)
        for number, text in enumerate(self.texts()):
            x, y = round(float(corner[0])), round(float(corner[1] + (number + 1) * 30 * size))
            width = max(1, round(1.5 * size))
            for colour, wide in (((0, 0, 0), width + 2), (TEXT_COLOUR, width)):
                cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, wide,
                            cv2.LINE_AA)  # fmt: skip
        return image

    def texts(self) -> list[str]:
        """A line for a reader for each, ASCII."""
        # Rounded to whole numbers first: -0.3 is no "-0".
        turn = self.pose and [round(a) for a in (self.pose.yaw, self.pose.pitch, self.pose.roll)]
        lines = {
            'pose': turn and f'yaw {turn[0]:+d} pitch {turn[1]:+d} roll {turn[2]:+d}',
            'eyes': self.eyes and f'eyes {self.eyes.right.value:.2f} {self.eyes.left.value:.2f}',
            'mouth': self.mouth and f'mouth {self.mouth.value:.2f}',
        }
        return [lines[name] or f'{name}: too hidden' for name in self.names]


def measure(
    points: np.ndarray, scales: np.ndarray, visibility: np.ndarray, names: Iterable[str]
) -> Measured:
    """The applications `names` of a face; arguments as of `head_pose`.

    Raises:
        UserError: an unknown name, or the points are not 68.
    """
    names = check_applications(names)
    if np.shape(points) != (68, 2):
        raise UserError(
            f'{", ".join(names)}: 68 points are needed, not {len(points)}: '
            'use a model of 68 or 98 points'
        )
    try:
        pose = head_pose(points, scales, visibility)
    except UserError:
        return Measured(names)
    found: dict[str, Any] = {'pose': pose}
    for name, function in (('eyes', eye_openness), ('mouth', mouth_openness)):
        try:
            found[name] = function(points, scales, visibility, pose)
        except UserError:
            found[name] = None
    return Measured(names, **{name: found[name] for name in names})
