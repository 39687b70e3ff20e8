"""Boosted cascades of OpenCV: quick, upright frontal faces only.

Haar: Viola and Jones, CVPR 2001. Local binary patterns: Liao et al., ICB 2007.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector

WORKING_SIDE = 640  # a larger picture is shrunk to this longer side, px
SMALLEST = 24  # window of the cascades, px
# Measured by projects/face_detector/tools/calibrate_detector.py {haar,lbp}:
# medians over 300w train and ytf68 train.
HAAR_MAPPING = BoxMapping(dx=0.002, dy=0.163, scale=0.893)
LBP_MAPPING = BoxMapping(dx=0.006, dy=0.158, scale=0.873)


@dataclass(frozen=True)
class CascadeOptions:
    """How thoroughly is searched.

    Attributes:
        scale_step: between two sizes of the window.
        neighbors: overlapping hits that make a face; more means fewer false ones.
        smallest: longer side of the smallest face over the picture's longer side.
    """

    scale_step: float = 1.1
    neighbors: int = 4
    smallest: float = 0.05


def read_cascade(path: str | Path) -> cv2.CascadeClassifier:
    """A cascade from an XML file of OpenCV's format.

    Raises:
        UserError: the file is missing or of another format, or OpenCV has no cascades (5.x).
    """
    if not hasattr(cv2, 'CascadeClassifier'):
        raise UserError('this OpenCV has no cascades: pip install "opencv-contrib-python<5"')
    cascade = cv2.CascadeClassifier()
    if not Path(path).is_file():
        raise UserError(f'{path}: is missing or no cascade file of OpenCV')
    try:
        # scikit-image's copy of the LBP file misspells a tag, which OpenCV's own reader refuses.
        text = Path(path).read_text(encoding='utf-8').replace('featuhreParams', 'featureParams')
        storage = cv2.FileStorage(text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        if cascade.read(storage.getFirstTopLevelNode()):
            return cascade
    except (OSError, ValueError, cv2.error, SystemError) as error:  # the last from its binding
        raise UserError(f'{path}: is no cascade file of OpenCV') from error
    raise UserError(f'{path}: is no cascade file of OpenCV')


class CascadeDetector:
    """A cascade as a detector.

    Args:
        path: see `read_cascade`.
        mapping: from its boxes to tight boxes.
        options: thoroughness.

    Raises:
        UserError: see `read_cascade`.
    """

    def __init__(
        self, path: str | Path, mapping: BoxMapping, options: CascadeOptions | None = None
    ) -> None:
        self._cascade = read_cascade(path)
        self.mapping, self.options = mapping, options or CascadeOptions()

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`; scores are the stage weights of the last stage passed."""
        boxes, scores = self.raw(image)
        return Detections(self.mapping(boxes), scores)

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The cascade's own boxes [N, 4], px of the image, and their scores [N]."""
        factor = min(1.0, WORKING_SIDE / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if min(small.shape[:2]) < SMALLEST:
            return np.zeros((0, 4)), np.zeros(0)
        smallest = max(SMALLEST, int(self.options.smallest * max(small.shape[:2])))
        found, _, weights = self._cascade.detectMultiScale3(
            cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)),
            scaleFactor=self.options.scale_step,
            minNeighbors=self.options.neighbors,
            minSize=(smallest, smallest),
            outputRejectLevels=True,
        )
        boxes = np.asarray(found, float).reshape(-1, 4) / factor
        boxes[:, 2:] += boxes[:, :2]
        return boxes, np.asarray(weights, float).reshape(-1)


@register_detector('haar')
def haar(options: CascadeOptions | None = None) -> CascadeDetector:
    """OpenCV's frontal Haar cascade, which comes with its wheels."""
    path = Path(cv2.data.haarcascades) / 'haarcascade_frontalface_alt2.xml'
    return CascadeDetector(path, HAAR_MAPPING, options)


@register_detector('lbp')
def lbp(options: CascadeOptions | None = None) -> CascadeDetector:
    """OpenCV's frontal LBP cascade, which comes with scikit-image."""
    try:
        from skimage import data
    except ImportError as error:
        raise UserError(
            'detector lbp: its file is in scikit-image: pip install scikit-image'
        ) from error
    return CascadeDetector(data.lbp_frontal_face_cascade_filename(), LBP_MAPPING, options)
