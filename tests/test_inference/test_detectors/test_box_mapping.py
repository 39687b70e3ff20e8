"""A mapping is found again from the pairs it made."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.detectors.box_mapping import BoxMapping, fit_mapping


def test_fitting_finds_the_mapping_again() -> None:
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 100, (50, 2))
    found = np.concatenate([low, low + rng.uniform(20, 90, (50, 1))], 1)
    mapping = BoxMapping(dx=-0.02, dy=0.07, scale=0.85)
    fitted = fit_mapping(found, mapping(found))
    assert (fitted.dx, fitted.dy, fitted.scale) == pytest.approx((-0.02, 0.07, 0.85))


def test_a_few_wrong_pairs_do_not_matter() -> None:
    found = np.tile([[0.0, 0, 10, 10]], (9, 1))
    truth = BoxMapping(dy=0.1)(found)
    truth[:4] += 500
    assert fit_mapping(found, truth).dy == pytest.approx(0.1)


def test_boxes_become_squares_about_their_middle() -> None:
    assert BoxMapping()(np.array([[0.0, 0, 10, 4]])).tolist() == [[0, -3, 10, 7]]
    assert BoxMapping()(np.zeros((0, 4))).shape == (0, 4)
