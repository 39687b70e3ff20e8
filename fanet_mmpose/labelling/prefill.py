"""A face's labels as far as the model can guess them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import SharedPoints
from fanet_mmpose.labelling.faces import FoundFace


@dataclass(frozen=True, eq=False)
class DraftLabel:
    """What an annotator gets to correct.

    Attributes:
        image: path of the picture below its folder.
        width, height: of the picture, px.
        points: [K, 2] px, 0-based, pixel centres at integers; NaN where the annotator must set
            the point without help.
        box: [4] x1, y1, x2, y2 px of the face.
    """

    image: str
    width: int
    height: int
    points: np.ndarray
    box: np.ndarray


def guess_points(face: FoundFace, shared: SharedPoints) -> np.ndarray:
    """[K, 2] px of one's own points, NaN where not known."""
    return shared(face.found.points)


def guess_box(face: FoundFace, shared: SharedPoints) -> np.ndarray:
    """[4] px: the tight box of one's own points where all are known, else of the model's.

    A training on one's own points crops round the tight box of these; so must unlabelled faces.
    """
    return tight_box(guess_points(face, shared)) if shared.known.all() else face.box


def uncertainty_of(face: FoundFace, shared: SharedPoints) -> float:
    """Expected error of a coordinate over the face's side: mean over the points that count.

    These are one's own where the model knows any, else the model's.
    """
    scales = face.found.scales
    if shared.known.any():
        scales = shared(scales[:, None])[shared.known, 0]
    return float(scales.mean() / max(face.side, 1e-9))
