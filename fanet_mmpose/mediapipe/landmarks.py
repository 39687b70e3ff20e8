"""A face of 68 points in the form of MediaPipe's mesh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, overload

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.face_mesh import NUM_VERTICES, SOURCES
from fanet_mmpose.inference.face_landmarks import FaceLandmarks


class AbsentLandmarkError(UserError, LookupError):
    """A vertex of the mesh that 68 points say nothing about."""


@dataclass(frozen=True)
class NormalizedLandmark:
    """A point; NaN and 0 where 68 points say nothing about it.

    Attributes:
        x, y: as shares of the picture's width and height, 0 at the outer edge of the first pixel.
        visibility: in (0, 1), the chance that it is not hidden.
        presence: in (0, 1), the chance that it is right within 2.5 % of the face's box.
        depth: gives `z`.
    """

    x: float
    y: float
    visibility: float
    presence: float
    depth: Callable[[], float]

    @property
    def z(self) -> float:
        """Depth in the unit of x, smaller is nearer, 0 at the points' mean; see `MeshFace`."""
        return self.depth()


ABSENT = NormalizedLandmark(np.nan, np.nan, 0.0, 0.0, lambda: np.nan)


class MeshFace:
    """What MediaPipe calls a NormalizedLandmarkList.

    Args:
        face: of 68 points, or of a set that can be converted to them.
        size: width and height of the picture, px.
        count: of landmarks.

    Attributes:
        landmark: see `Landmarks`.
        face: the face itself: `pose()`, `align()`, scales in pixels.

    Raises:
        UserError: no way to 68 points.
    """

    def __init__(
        self, face: FaceLandmarks, size: tuple[int, int], count: int = NUM_VERTICES
    ) -> None:
        self.face, self._68, self._size = face, face.convert('68'), size
        self.landmark = Landmarks({v: self._landmark(v) for v in SOURCES}, count)

    def _landmark(self, vertex: int) -> NormalizedLandmark:
        source = list(SOURCES[vertex])
        x, y = (self._68.points[source].mean(0) + 0.5) / self._size
        seen, sure = (
            float(value[source].mean()) for value in (self._68.visibility, self._68.scores)
        )
        return NormalizedLandmark(
            float(x), float(y), seen, sure, partial(self._depth, tuple(source))
        )

    def _depth(self, source: tuple[int, ...]) -> float:
        return float(self._depths[list(source)].mean())

    @cached_property
    def _depths(self) -> np.ndarray:
        """[68] of the head that `face.pose()` fits; NaN where the face is too hidden for it."""
        try:
            pose = self._68.pose()
        except UserError:
            return np.full(68, np.nan)
        turned = pose.points_3d @ pose.rotation.T  # mm, camera axes
        pixels = np.sqrt(self._68.points.var(0).sum() / turned[:, :2].var(0).sum())
        return (turned[:, 2] - turned[:, 2].mean()) * pixels / self._size[0]


class Landmarks(Sequence[NormalizedLandmark]):
    """Vertices by number.

    Iterating and slicing give `ABSENT` for unknown ones, so that arrays made of them keep
    MediaPipe's numbers; asking for one by its number raises `AbsentLandmarkError`.
    """

    def __init__(self, known: dict[int, NormalizedLandmark], count: int) -> None:
        self._all = [known.get(number, ABSENT) for number in range(count)]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Any:
        return iter(self._all)

    @overload
    def __getitem__(self, number: int) -> NormalizedLandmark: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[NormalizedLandmark]: ...
    def __getitem__(self, number: int | slice) -> Any:
        found = self._all[number]
        if found is ABSENT:
            raise AbsentLandmarkError(
                f'landmark {number} of the mesh is not known from 68 points: '
                'docs/from_mediapipe.md lists those that are'
            )
        return found
