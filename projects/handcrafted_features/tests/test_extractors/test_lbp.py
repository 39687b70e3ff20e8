"""DenseLBP against scikit-image's codes and patterns."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.feature import local_binary_pattern

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from projects.handcrafted_features.extractors.lbp import DenseLBP, pattern_of_code  # noqa: E402

INSIDE = np.s_[1:-1, 1:-1]  # outside the image, scikit-image sees black and we the border


def test_codes_are_scikit_images() -> None:
    image = np.random.default_rng(0).integers(1 << 16, size=(40, 48))
    theirs = local_binary_pattern(image, 8, 1)
    scaled = torch.from_numpy(image)[None, None].float() / (1 << 16)
    ours = DenseLBP().codes(scaled)[0].numpy()
    assert (theirs == ours)[INSIDE].mean() > 0.999


def test_codes_of_a_face_are_scikit_images(face: np.ndarray) -> None:
    theirs = local_binary_pattern(face.astype(np.uint8), 8, 1)
    ours = DenseLBP().codes(torch.from_numpy(face)[None, None])[0].numpy()
    assert (theirs == ours)[INSIDE].mean() > 0.99  # but for ties


def test_patterns_part_the_codes_as_scikit_image_does(face: np.ndarray) -> None:
    codes = local_binary_pattern(face.astype(np.uint8), 8, 1).astype(int)
    theirs = local_binary_pattern(face.astype(np.uint8), 8, 1, 'nri_uniform').astype(int)
    ours = pattern_of_code().numpy()[codes]
    pairs = np.unique(np.stack([theirs, ours], -1).reshape(-1, 2), axis=0)
    assert len(pairs) == len(np.unique(theirs)) == len(np.unique(ours)) > 50
    assert np.bincount(pattern_of_code()).tolist() == [1] * 58 + [198]


def test_map_is_the_share_of_each_pattern_round_a_cell() -> None:
    image = torch.rand(2, 1, 24, 32, generator=torch.Generator().manual_seed(0))
    extractor = DenseLBP(cell=4)
    found = extractor(image)
    assert found.shape == (2, 59, 6, 8)
    patterns = pattern_of_code()[extractor.codes(image)]
    window = patterns[1, 8:20, 12:24]  # three cells a side round cell (3, 4)
    expected = torch.bincount(window.flatten(), minlength=59) / window.numel()
    assert torch.allclose(found[1, :, 3, 4], expected, atol=1e-6)


def test_light_does_not_matter(face: np.ndarray) -> None:
    image = torch.from_numpy(face)[None, None]
    assert torch.equal(DenseLBP()(image), DenseLBP()(image * 0.5 + 10))
