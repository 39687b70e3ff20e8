"""DenseSIFT against OpenCV's descriptors at the same places."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from projects.handcrafted_features.extractors.sift import DenseSIFT  # noqa: E402

STRIDE = 5  # odd: OpenCV rounds places to whole pixels


def opencvs(face: np.ndarray, size: float) -> np.ndarray:
    """[128, rows, columns] at the centres of the grid."""
    centres = [STRIDE * i + STRIDE // 2 for i in range(len(face) // STRIDE)]
    points = [cv2.KeyPoint(float(x), float(y), size, 0.0) for y in centres for x in centres]
    kept, descriptors = cv2.SIFT_create().compute(face.astype(np.uint8), points)
    assert len(kept) == len(points)
    return descriptors.T.reshape(128, len(centres), len(centres))


def test_descriptors_are_opencvs(face: np.ndarray) -> None:
    theirs = opencvs(face, size=3.2) / 512  # twice the scale
    ours = DenseSIFT(STRIDE, scale=1.6)(torch.from_numpy(face)[None, None])[0].numpy()
    each = [
        np.corrcoef(a, b)[0, 1]
        for a, b in zip(theirs.reshape(128, -1).T, ours.reshape(128, -1).T, strict=True)
    ]
    assert np.median(each) > 0.98
    assert np.quantile(each, 0.05) > 0.9
    assert np.abs(theirs - ours).mean() < 0.01


def test_a_mirrored_picture_is_a_mirrored_map(face: np.ndarray) -> None:
    image = torch.from_numpy(face)[None, None]
    plain, mirrored = DenseSIFT()(image), DenseSIFT()(image.flip(-1)).flip(-1)
    cells = mirrored.unflatten(1, (4, 4, 8)).flip(2)
    turned = cells[:, :, :, (4 - torch.arange(8)) % 8]  # right is left; up and down stay
    assert torch.allclose(turned.flatten(1, 3), plain, atol=1e-4)


def test_brightness_and_contrast_do_not_matter(face: np.ndarray) -> None:
    image = torch.from_numpy(face)[None, None]
    assert torch.allclose(DenseSIFT()(image), DenseSIFT()(image / 58 - 2), atol=2e-3)
