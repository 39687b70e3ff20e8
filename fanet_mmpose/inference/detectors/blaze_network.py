"""BlazeFace (Bazarevsky et al., arXiv 1907.05047): squares of pixels in, faces with six points out.

Two networks ship, exported by `projects/face_detector/tools/export_blazeface.py` from the files of
MediaPipe: `short` for faces within two metres, `full` for those within five.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fanet_mmpose.deploy.runtime import INPUT, open_session
from fanet_mmpose.weights.detectors import find

POINTS = ('right eye', 'left eye', 'nose', 'mouth', 'right ear', 'left ear')  # the person's own
RIGHT_EYE, LEFT_EYE, MOUTH = 0, 1, 3
OUTPUTS = ('regressors', 'logits')


class Layout(NamedTuple):
    """`side` that the network was trained at, px, and strides and anchors a cell of its maps."""

    side: int
    maps: tuple[tuple[int, int], ...]


LAYOUTS: Mapping[str, Layout] = {
    'short': Layout(128, ((8, 2), (16, 6))),
    'full': Layout(192, ((4, 1),)),
}


@dataclass(frozen=True, eq=False)
class RawFaces:
    """M anchors that see a face, as the network has them.

    Attributes:
        centers: [M, 2] middle of the network's box, px.
        sides: [M] its mean side, px.
        points: [M, 6, 2] px, see `POINTS`.
        scores: [M] in (0, 1).
    """

    centers: np.ndarray
    sides: np.ndarray
    points: np.ndarray
    scores: np.ndarray

    def __getitem__(self, chosen: np.ndarray) -> RawFaces:
        """Those of indices or of a mask [M]."""
        return RawFaces(
            self.centers[chosen], self.sides[chosen], self.points[chosen], self.scores[chosen]
        )


class BlazeNetwork:
    """A network, loaded.

    Args:
        kind: of `LAYOUTS`.
        device: ``cpu`` or ``cuda``.
        path: another file of the same network.

    Raises:
        UserError: the file is missing or damaged.
    """

    def __init__(self, kind: str, device: str = 'cpu', path: str | Path | None = None) -> None:
        self.kind, self.layout = kind, LAYOUTS[kind]
        self._session = open_session(str(path or find(f'blazeface_{kind}')), device, 1)

    def __call__(self, pictures: np.ndarray, min_score: float) -> list[RawFaces]:
        """What each picture's anchors see.

        Args:
            pictures: uint8 [N, H, W, 3], blue first; sides of whole 32 px.
            min_score: anchors below it are left out.
        """
        regressors, logits = self._session.run(OUTPUTS, {INPUT: pictures})
        anchors = anchor_centers(self.layout, *pictures.shape[1:3])
        least = np.log(min_score / (1 - min_score))
        return [
            decode(one[seen], anchors[seen], logit[seen])
            for one, logit, seen in zip(regressors, logits, logits >= least, strict=True)
        ]


@lru_cache(maxsize=16)
def anchor_centers(layout: Layout, height: int, width: int) -> np.ndarray:
    """[A, 2] middles of the anchors of an input, px, in the order of the network's outputs."""
    parts = []
    for stride, count in layout.maps:
        rows, columns = np.mgrid[: height // stride, : width // stride]
        centers = (np.stack([columns, rows], -1).reshape(-1, 2) + 0.5) * stride
        parts.append(np.repeat(centers, count, axis=0))
    return np.concatenate(parts)


def decode(values: np.ndarray, anchors: np.ndarray, logits: np.ndarray) -> RawFaces:
    """From outputs [M, 16] at anchors [M, 2]: x, y, width, height, then six points, px."""
    # Anchors count from the corner of the first pixel, we from its middle.
    places = values.reshape(-1, 8, 2).astype(float)
    moved = places + anchors[:, None] - 0.5
    scores = 1 / (1 + np.exp(-logits.astype(float)))
    return RawFaces(moved[:, 0], places[:, 1].mean(1), moved[:, 2:], scores)
