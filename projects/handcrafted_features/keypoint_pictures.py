"""Where OpenCV's keypoint detectors fire on a face: not at its landmarks, and not everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure

from fanet_mmpose.errors import UserError

DETECTORS = {
    'FAST': cv2.FastFeatureDetector_create,
    'BRISK': cv2.BRISK_create,
    'ORB': cv2.ORB_create,
    'AKAZE': cv2.AKAZE_create,
}


def find_keypoints(image: np.ndarray, name: str) -> np.ndarray:
    """Keypoints of an RGB or grey image, [N, 2] pixels (x, y), by OpenCV's default settings.

    Raises:
        UserError: no such detector.
    """
    if name not in DETECTORS:
        raise UserError(f'no keypoint detector {name}: choose from {", ".join(DETECTORS)}')
    found = DETECTORS[name]().detect(image)
    return np.array([keypoint.pt for keypoint in found], np.float32).reshape(-1, 2)


def share_of_cells(points: np.ndarray, size: tuple[int, int], stride: int) -> float:
    """Share of the `stride`×`stride` cells of an image of `size` (w, h) that hold a point [N, 2].

    1 for every dense map of that stride.
    """
    width, height = size
    held = np.zeros((height // stride, width // stride), bool)
    column, row = (points // stride).astype(int).T
    inside = (row < held.shape[0]) & (column < held.shape[1])
    held[row[inside], column[inside]] = True
    return float(held.mean())


def draw_keypoints(image: np.ndarray, found: Mapping[str, np.ndarray]) -> Figure:
    """One panel for each detector: its points [N, 2] on the RGB image."""
    figure = Figure(figsize=(3 * len(found), 3.3), layout='constrained')
    for axes, (name, points) in zip(figure.subplots(1, len(found)), found.items(), strict=True):
        axes.imshow(image)
        axes.scatter(*points.T, s=22, facecolors='none', edgecolors='#ffd400', linewidths=1.2)
        axes.set_title(f'{name}: {len(points)}')
        axes.set_axis_off()
    return figure


def save_keypoint_picture(image: np.ndarray, path: Path, stride: int = 4) -> dict[str, float]:
    """Write the picture of all detectors; returns each one's share of cells with a keypoint."""
    found = {name: find_keypoints(image, name) for name in DETECTORS}
    path.parent.mkdir(parents=True, exist_ok=True)
    draw_keypoints(image, found).savefig(path, dpi=100)
    size = image.shape[1], image.shape[0]
    return {name: share_of_cells(points, size, stride) for name, points in found.items()}
