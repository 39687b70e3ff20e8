"""Backgrounds from photographs whose licence is free."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.photo_backdrop import NAMES, photo_backdrop, photographs


def test_backgrounds_differ_and_repeat() -> None:
    pytest.importorskip('skimage')
    first, again, other = (photo_backdrop(np.random.default_rng(seed), 48) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (48, 48, 3) and first.dtype == np.float32
    assert first.min() >= 0 and first.max() <= 1
    assert np.abs(first - other).mean() > 0.01


def test_without_scikit_image_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'skimage', None)
    photographs.cache_clear()
    with pytest.raises(UserError, match='scikit-image'):
        photographs()


def test_every_source_and_its_licence_is_in_the_docs(repo: Path) -> None:
    text = (repo / 'docs' / 'synthetic.md').read_text(encoding='utf-8')
    for word in (*NAMES, 'MakeHuman', 'CC0', 'Apache-2.0', 'EfficientNet-Lite0'):
        assert word in text, word
