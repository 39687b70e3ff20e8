"""Drawn warps keep to their limits."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.random_warps import random_frames, random_warp  # noqa: E402
from projects.discovery.warps import bend_of, view_grid  # noqa: E402


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def test_mirrored_views_are_told() -> None:
    assert random_warp(20, mirror=1.0).mirrored.all()
    assert not random_warp(20, mirror=0.0).mirrored.any()


def test_the_default_bends_do_not_fold() -> None:
    grid = view_grid(30, 30, torch.zeros(1))
    moved = (grid + bend_of(grid, random_warp(100))).unflatten(1, (30, 30))
    across = moved[:, :-1, 1:] - moved[:, :-1, :-1]
    down = moved[:, 1:, :-1] - moved[:, :-1, :-1]
    area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    assert area.min() > 0


def test_scale_is_of_the_face() -> None:
    """A warp that enlarges shows a smaller part of the source."""
    warp = random_warp(500, rotate=0, shift=0, bend=0, mirror=0, scale=1.25)
    sizes = torch.linalg.det(warp.matrix).sqrt()
    assert 0.8 <= sizes.min() < 0.82 and 1.22 < sizes.max() <= 1.25 + 1e-5


def test_frames_end_between_the_nearest_and_the_farthest() -> None:
    low, high = random_frames(300, 0.8, 1.4).unbind(1)
    for ends in (-low, high):
        assert 0.8 <= ends.min() < 0.83 and 1.37 < ends.max() <= 1.4
