"""A look shows what its matrix says, whatever size of the picture it is taken from."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.inference.detectors.views import Pyramid, square_view, upright_view, whole


@pytest.mark.parametrize('shape', [(512, 640), (503, 641), (1013, 1301), (2050, 1025)])
def test_a_shrunk_look_is_in_place(shape: tuple[int, int]) -> None:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    image = np.stack([255 * columns / shape[1], 255 * rows / shape[0], 0 * rows], -1)
    for view in (square_view(whole(image), 128), upright_view(whole(image), 96)):
        look = Pyramid(image.astype(np.uint8)).look(view)
        y, x = np.argwhere(look[..., 0] > 0)[[300, 3000]].T
        shown = look[y, x, :2] / 255 * shape[::-1]
        there = view.to_picture(np.stack([x, y], -1).astype(float))
        assert shown == pytest.approx(there, abs=1.5 / 255 * max(shape))


def test_a_picture_is_halved_by_whole_pixels() -> None:
    image = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    half = Pyramid(image)._shrunk(2)
    assert half.shape == (2, 3, 3)
    assert half[0, 0, 0] == pytest.approx(image[:2, :2, 0].mean(), abs=0.5)
    assert Pyramid(image[:1])._shrunk(4).shape == (1, 1, 3)
