"""Histograms of oriented gradients under a linear SVM: the classical sliding window.

Dalal and Triggs, CVPR 2005. OpenCV computes the histograms and slides the window; the plane is
learnt by `projects/face_detector/tools/train_hog_detector.py`. Upright, roughly frontal faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np

from fanet_mmpose.earlier_names import accept_earlier_arguments
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import nms, xywh_to_xyxy
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.weights.detectors import find

WINDOW = 64  # side of what is classified, px
CELL = 8  # px
CONTEXT = 1.25  # side of the window over the face's tight box, as it is trained
BORDER = 2 * CELL  # a window may leave the picture so far; reflected there
# By construction: the middles agree.
MAPPING = BoxMapping(dx=0.0, dy=0.0, scale=1 / CONTEXT)


@accept_earlier_arguments
@dataclass(frozen=True)
class HogOptions:
    """How thoroughly is searched, and what is a face.

    Attributes:
        scale_step: between two sizes of the window.
        smallest: longer side of the smallest face over the picture's longer side.
        min_score: boxes of a lower score are no faces.
        max_iou: of two boxes with a larger IoU, the one of the higher score stays.
    """

    scale_step: float = 1.1
    smallest: float = 0.1
    min_score: float = 0.5
    max_iou: float = 0.3


@dataclass(frozen=True, eq=False)
class HogModel:
    """A plane in the space of descriptors, and what a distance from it means.

    Attributes:
        plane: float32 [D + 1], the bias last; positive distances are faces.
        slope, offset: the chance of a face is sigmoid(slope · distance + offset), slope > 0
            (Platt, 1999).
    """

    plane: np.ndarray
    slope: float = 1.0
    offset: float = 0.0

    def chance(self, distance: np.ndarray) -> np.ndarray:
        """Of a face, in (0, 1), by distance [N]."""
        return 1 / (1 + np.exp(-(self.slope * np.asarray(distance, float) + self.offset)))

    def distance(self, chance: float) -> float:
        """The inverse of `chance`; `chance` lies in (0, 1)."""
        return float((np.log(chance / (1 - chance)) - self.offset) / self.slope)


def make_descriptor() -> cv2.HOGDescriptor:
    """Of a window: blocks of 2×2 cells with 9 unsigned orientations, D = 1764 numbers."""
    sides = [(side, side) for side in (WINDOW, 2 * CELL, CELL, CELL)]
    return cv2.HOGDescriptor(*sides, 9)


def read_model(path: str | Path) -> HogModel:
    """A file of `projects/face_detector/tools/train_hog_detector.py`.

    Raises:
        UserError: the file is missing, damaged, or for other descriptors.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            plane = content['plane'].astype(np.float32).reshape(-1)
            model = HogModel(plane, float(content['slope']), float(content['offset']))
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        maker = 'projects/face_detector/tools/train_hog_detector.py'
        raise UserError(f'{path}: is missing or no file of {maker}') from error
    if len(plane) != make_descriptor().getDescriptorSize() + 1 or not model.slope > 0:
        raise UserError(f'{path}: does not fit a window of {WINDOW} px: train it anew')
    return model


@register_detector('hog')
class HogDetector:
    """The window over the picture at several sizes, then non-maximum suppression.

    Args:
        path: see `read_model`; by default the one that ships.
        options: see `HogOptions`.
        model: instead of a file's.

    Raises:
        UserError: see `read_model`.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        options: HogOptions | None = None,
        model: HogModel | None = None,
    ) -> None:
        self.options, self.mapping = options or HogOptions(), MAPPING
        self.model = model or read_model(path or find('hog', '.npz'))
        self._hog = make_descriptor()
        self._hog.setSVMDetector(self.model.plane)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image` by descending score; scores are chances in (0, 1)."""
        boxes, distances = self.raw(image)
        return Detections(self.mapping(boxes), self.model.chance(distances))

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Windows [N, 4], px of the image, and their distances from the plane [N]."""
        side = WINDOW / (CONTEXT * self.options.smallest)  # of the picture that is searched
        factor = min(1.0, side / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if min(small.shape[:2]) < WINDOW:
            return np.zeros((0, 4)), np.zeros(0)
        least = self.model.distance(self.options.min_score)
        found, distances = self._hog.detectMultiScale(
            small,
            hitThreshold=least,
            winStride=(CELL, CELL),
            padding=(BORDER, BORDER),
            scale=self.options.scale_step,
            groupThreshold=0,
        )
        boxes = xywh_to_xyxy(np.asarray(found, float).reshape(-1, 4))
        distances = np.asarray(distances, float).reshape(-1)
        kept = nms(boxes, distances, self.options.max_iou)
        return boxes[kept] / factor, distances[kept]
