"""HOG against scikit-image's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from skimage.feature import hog

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from projects.handcrafted_features.extractors.hog import HOG  # noqa: E402

CELL, BINS = 8, 9


def both(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(scikit-image's, ours in the same order): [rows, columns, 2, 2, bins] of the blocks."""
    theirs = hog(image, BINS, (CELL, CELL), (2, 2), feature_vector=False)
    dense = HOG(CELL, BINS)(torch.from_numpy(image)[None, None])[0].numpy()
    dense = dense.reshape(2, 2, BINS, *dense.shape[1:])
    rows, columns = theirs.shape[:2]
    ours = np.empty_like(theirs)
    for r in (0, 1):
        for c in (0, 1):
            cells = dense[r, c, :, r : r + rows, c : c + columns]
            ours[:, :, r, c] = cells.transpose(1, 2, 0)
    return theirs, ours


@pytest.mark.parametrize('step', range(BINS))
def test_equal_where_one_orientation_gets_the_vote(step: int) -> None:
    angle = math.pi * (step + 0.5) / BINS
    y, x = np.mgrid[:40, :48].astype(np.float32)
    slope = math.sin(angle) * y + math.cos(angle) * x
    # Inside: on the border a library's gradient of the ramp has another orientation.
    theirs, ours = (blocks[1:-1, 1:-1] for blocks in both(slope.astype(np.float32)))
    assert theirs.max() > 0.4
    assert np.abs(theirs - ours).max() < 2e-3


def test_alike_on_a_face_where_votes_are_shared(face: np.ndarray) -> None:
    theirs, ours = both(face)
    assert np.corrcoef(theirs.ravel(), ours.ravel())[0, 1] > 0.95
    assert np.abs(theirs - ours).mean() < 0.03


def test_brightness_and_contrast_do_not_matter(face: np.ndarray) -> None:
    image = torch.from_numpy(face)[None, None]
    assert torch.allclose(HOG()(image), HOG()(image / 58 - 2), atol=2e-3)


def test_a_turned_picture_is_a_turned_map(face: np.ndarray) -> None:
    """Cells do not lean to one side: half a turn leaves orientations as they are."""
    image = torch.from_numpy(face)[None, None]
    turned = HOG()(image.flip(-1, -2)).flip(-1, -2)
    places = turned.unflatten(1, (4, BINS)).flip(1).flatten(1, 2)
    assert torch.allclose(places, HOG()(image), atol=1e-4)
