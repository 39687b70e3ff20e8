"""Windows cover an elongated picture, and no face is cut by all of them."""

from __future__ import annotations

import pytest

from fanet_mmpose.inference.detectors.panorama import windows


@pytest.mark.parametrize('shape', [(1, 1), (600, 800), (800, 600), (100, 349)])
def test_usual_pictures_are_one_window(shape: tuple[int, int]) -> None:
    assert windows(*shape) == [(0, 0, shape[1], shape[0])]


@pytest.mark.parametrize(('longer', 'shorter'), [(30_000, 600), (40_000, 40), (350, 100), (9, 1)])
def test_a_square_of_the_shorter_side_is_whole_in_one_of_them(longer: int, shorter: int) -> None:
    parts = windows(shorter, longer)
    assert (parts[0][0], parts[-1][2]) == (0, longer)
    assert all((top, bottom) == (0, shorter) for _, top, _, bottom in parts)
    for one, other in zip(parts, parts[1:], strict=False):
        assert one[2] - other[0] >= shorter - 1  # starts are rounded
    upright = windows(longer, shorter)
    assert [(top, left, bottom, right) for left, top, right, bottom in upright] == parts
