"""The picture of the docs: its panels without a network."""

from __future__ import annotations

import numpy as np

from projects.applications.tools.draw_pictures import SIDE, cover, curve, named

GREY = (220, 220, 220)


def test_a_blink_is_shaded_in_the_curve() -> None:
    times = np.arange(24) / 12
    shut = np.where(np.abs(times - 1) < 0.2, 0.0, 1.0)
    assert (curve(times, shut) == GREY).all(-1).any()
    assert not (curve(times, np.ones(24)) == GREY).all(-1).any()


def test_panels_have_one_size_and_the_mouth_is_covered() -> None:
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    assert 0.05 < (cover(image) > 0).all(-1).mean() < 0.2 and not image.any()
    assert named(image, 'a').shape == named(image[:100, :100], 'b').shape
