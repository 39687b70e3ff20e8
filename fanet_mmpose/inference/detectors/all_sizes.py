"""Faces of all sizes: a quick look for near ones, looks at more pixels for far ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fanet_mmpose.inference.detectors.detector import Detections, register_detector, suppressed
from fanet_mmpose.inference.detectors.onnx_detector import (
    FAR_SIDE,
    OnnxDetector,
    OnnxDetectorOptions,
)
from fanet_mmpose.inference.detectors.panorama import windows

FARTHEST_SIDE = 1600  # px; a face of 40 px in a photograph of 4000 px
# Longer side of a box in the pixels of its own look, px. Above it more pixels find parts of faces,
# and the look before finds every one.
LARGEST = 128
MAX_IOU = 0.45  # of two boxes with a larger one, that of the lower score goes
# Share of the picture's pixels a side from which a look has seen enough: more adds next to nothing.
ENOUGH = 0.8


class AllSizes:
    """Looks of more and more pixels, then NMS over all of them.

    Args:
        looks: by `options.side`, rising; the first is for faces of any size, the others for those
            that are at most `LARGEST` in theirs. A look is left out where the one before it has
            seen `ENOUGH`.
    """

    def __init__(self, looks: Sequence[OnnxDetector]) -> None:
        self.looks = tuple(looks)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image` by descending score; scores are chances in (0, 1)."""
        parts = []
        for left, top, right, bottom in windows(*image.shape[:2]):
            found = self._look(image[top:bottom, left:right])
            corner = np.array([left, top, left, top])
            parts.append(Detections(found.boxes + corner, found.scores))
        return parts[0] if len(parts) == 1 else suppressed(parts, MAX_IOU)

    def _look(self, image: np.ndarray) -> Detections:
        longer, seen, parts = max(image.shape[:2]), 0, []
        for look in self.looks:
            if seen < ENOUGH * longer:
                found = look(image)
                parts.append(_small(found, LARGEST * longer / look.options.side) if seen else found)
            seen = look.options.side
        return suppressed(parts, MAX_IOU)


def _small(found: Detections, largest: float) -> Detections:
    """Those whose longer side is below `largest`, px."""
    small = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1, initial=0) < largest
    return Detections(found.boxes[small], found.scores[small])


@register_detector('fanet_face_all')
def all_sizes(
    path: str | Path | None = None, device: str = 'cpu', options: OnnxDetectorOptions | None = None
) -> AllSizes:
    """Three looks, for pictures; arguments as of `OnnxDetector`, options are the first look's."""
    return _with_sides((FAR_SIDE, FARTHEST_SIDE), OnnxDetector(path, device, options))


@register_detector('fanet_face_video')
def video_sizes(
    path: str | Path | None = None, device: str = 'cpu', options: OnnxDetectorOptions | None = None
) -> AllSizes:
    """The first two of them, which take a fifth of the time; arguments as of `all_sizes`."""
    return _with_sides((FAR_SIDE,), OnnxDetector(path, device, options))


def _with_sides(sides: Sequence[int], near: OnnxDetector) -> AllSizes:
    far = [replace(near.options, side=side, growth=1) for side in sides]
    return AllSizes([near, *map(near.with_options, far)])
