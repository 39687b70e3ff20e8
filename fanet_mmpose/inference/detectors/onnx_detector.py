"""A face detector as one ONNX file: needs ONNX Runtime, neither PyTorch nor mmdet."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.deploy.runtime import DETECTOR_OUTPUTS, INPUT, open_session
from fanet_mmpose.earlier_names import accept_earlier_arguments
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import nms
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.weights.detectors import find

SHIPPED = 'fanet_face'
FAR_SIDE = 640  # px; for faces that are small in a large picture
STRIDE = 32  # sides of what the network sees are multiples of it, px
PAD_VALUE = 114  # mmdet's, as in training
# Trained on tight boxes, so there is little to correct. Measured as the cascades', medians over 150
# faces each of 300w train and ytf68 train.
MAPPING = BoxMapping(dx=0.005, dy=-0.010, scale=1.027)


@accept_earlier_arguments
@dataclass(frozen=True)
class OnnxDetectorOptions:
    """What is searched, and what is a face.

    Attributes:
        side: the picture's longer side as the network sees it, px; larger finds smaller faces
            and takes longer. The smallest face that is found has about a 16th of it.
        min_score: boxes of a lower score are no faces. Small faces score low; what else does is no
            face to the landmark model, which looks next: docs/detectors.md has both rates.
        max_iou: of two boxes with a larger IoU, the one of the higher score stays.
        threads: of ONNX Runtime; 0 is all cores.
        growth: a small picture is enlarged no further: what blurs more was not trained on.
    """

    side: int = 256
    min_score: float = 0.4
    max_iou: float = 0.45
    threads: int = 0
    growth: float = 1.25


@register_detector(SHIPPED)
class OnnxDetector:
    """A file of `projects/face_detector/tools/export_detector.py`.

    Args:
        path: the file; by default the one that ships.
        device: ``cpu`` or ``cuda``.
        options: see `OnnxDetectorOptions`.

    Raises:
        UserError: the file is missing, damaged or another network, or ``side`` is too small.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        device: str = 'cpu',
        options: OnnxDetectorOptions | None = None,
    ) -> None:
        self.options, self.mapping = _checked(options or OnnxDetectorOptions()), MAPPING
        path = path or find(SHIPPED)
        self._session = open_session(str(path), device, self.options.threads)
        names = tuple(output.name for output in self._session.get_outputs())
        if names != DETECTOR_OUTPUTS:
            raise UserError(
                f'{path}: gives {", ".join(names)} and not {", ".join(DETECTOR_OUTPUTS)}: give a '
                'file of projects/face_detector/tools/export_detector.py'
            )

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image` by descending score; scores are chances in (0, 1)."""
        boxes, scores = self.raw(image)
        return Detections(self.mapping(boxes), scores)

    def with_options(self, options: OnnxDetectorOptions) -> OnnxDetector:
        """The same network, loaded once, with other options; `threads` stays as it was."""
        other = copy(self)
        other.options = _checked(options)
        return other

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network's own boxes [N, 4], px of the image, and their scores [N]."""
        factor = min(self.options.side / max(image.shape[:2]), self.options.growth)
        boxes, scores = self._session.run(DETECTOR_OUTPUTS, {INPUT: _to_input(image, factor)})
        sure = scores >= self.options.min_score
        boxes, scores = boxes[sure] / factor, scores[sure]
        kept = nms(boxes, scores, self.options.max_iou)
        return boxes[kept].astype(float), scores[kept].astype(float)


def _checked(options: OnnxDetectorOptions) -> OnnxDetectorOptions:
    if options.side < STRIDE:
        raise UserError(f'side={options.side}: the detector needs at least {STRIDE} px')
    return options


def _to_input(image: np.ndarray, factor: float) -> np.ndarray:
    """The picture at `factor` of its size, padded right and below: uint8 [1, 3, H, W]."""
    size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
    shrinks = factor < 1
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    right, below = (-side % STRIDE for side in size)
    padded = cv2.copyMakeBorder(
        small, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(PAD_VALUE,) * 3
    )
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None])


@register_detector('fanet_face_640')
def far_faces(path: str | Path | None = None, device: str = 'cpu') -> OnnxDetector:
    """The detector on up to six times the pixels; arguments as of `OnnxDetector`."""
    return OnnxDetector(path, device, OnnxDetectorOptions(side=FAR_SIDE))
