"""The faces a model does worst on, as small pictures with truth and prediction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.report.scored import ScoredModel
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.images import load_image

COUNT = 32
SIDE = 240  # px of a picture
MARGIN = 0.15  # of the longer side, around truth and prediction
TRUTH, PREDICTION, BETWEEN = (80, 220, 60), (40, 60, 255), (0, 220, 255)  # BGR


@dataclass(frozen=True)
class WorstFace:
    """One face: its picture as JPEG bytes, its place and its error."""

    jpeg: bytes
    image: str
    id: str
    nme: float


def worst_faces(model: ScoredModel, root: Path = Path()) -> Iterator[WorstFace]:
    """The `COUNT` faces with the largest errors, worst first; infinite: nothing was predicted.

    Args:
        model: the model.
        root: folder that relative image paths start from. An image that is not there is
            replaced by a grey ground.
    """
    order = np.argsort(-np.where(np.isnan(model.faces), -1, model.faces), kind='stable')
    results = model.results
    for index in order[:COUNT]:
        if np.isnan(model.faces[index]):
            return
        image = _load(root / results.images[index]) if results.images[index] else None
        picture = draw_face(
            image, results.truth[index], results.predicted[index], results.labelled[index]
        )
        yield WorstFace(
            jpeg=cv2.imencode('.jpg', picture, [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes(),
            image=results.images[index],
            id=str(results.ids[index]),
            nme=float(100 * model.faces[index]),
        )


def _load(path: Path) -> np.ndarray | None:
    """The picture, None where it is not there."""
    try:
        return load_image(path)
    except UserError:
        return None


def draw_face(
    image: np.ndarray | None, truth: np.ndarray, predicted: np.ndarray, labelled: np.ndarray
) -> np.ndarray:
    """A square picture [SIDE, SIDE, 3] of the face with its points.

    Args:
        image: [H, W, 3] BGR, or None.
        truth: [K, 2] px, drawn green where labelled.
        predicted: [K, 2] px, drawn red, joined to its truth; NaN: not drawn.
        labelled: [K] bool.
    """
    points = np.concatenate([truth[labelled], predicted[np.isfinite(predicted).all(axis=1)]])
    low, high = tight_box(points).reshape(2, 2)
    side = (1 + 2 * MARGIN) * max((high - low).max(), 1)
    scale, corner = SIDE / side, (low + high - side) / 2
    picture = np.full((SIDE, SIDE, 3), 128, np.uint8)
    if image is not None:
        shift = -corner * scale
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        picture = cv2.warpAffine(image, matrix, (SIDE, SIDE), borderValue=(128, 128, 128))
    on_picture = (np.stack([truth, predicted]) - corner) * scale
    for (true_point, point), known in zip(on_picture.swapaxes(0, 1), labelled, strict=True):
        _draw_point(picture, true_point if known else None, point)
    return picture


def _draw_point(picture: np.ndarray, truth: np.ndarray | None, point: np.ndarray) -> None:
    # Four binary places keep points off the pixel grid.
    def place(xy: np.ndarray) -> tuple[int, int]:
        return tuple(int(round(16 * value)) for value in xy)

    found = np.isfinite(point).all()
    if truth is not None and found:
        cv2.line(picture, place(truth), place(point), BETWEEN, 1, cv2.LINE_AA, 4)
    if truth is not None:
        cv2.circle(picture, place(truth), 24, TRUTH, -1, cv2.LINE_AA, 4)
    if found:
        cv2.circle(picture, place(point), 24, PREDICTION, -1, cv2.LINE_AA, 4)
