"""A warp moves pictures and points alike, exactly, both ways."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.random_warps import identity_warp, random_warp  # noqa: E402
from projects.discovery.warps import (  # noqa: E402
    bend_of,
    control_grid,
    plate_inverse,
    to_source,
    to_view,
    view_grid,
    warp_images,
)

MARGIN, SIZE = 1.4, (40, 40)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def spots(points: torch.Tensor, size: int) -> torch.Tensor:
    """Pictures [B, K, size, size] with a bump at each point [B, K, 2] in [-1, 1]."""
    grid = view_grid(size, size, points)
    apart = (grid - points[:, :, None]).square().sum(-1)
    return torch.exp(-apart / (2 * 0.06**2)).unflatten(2, (size, size))


def middles(maps: torch.Tensor) -> torch.Tensor:
    """Centres of mass [B, K, 2] in [-1, 1]."""
    grid = view_grid(*maps.shape[-2:], maps)
    mass = maps.flatten(2)
    return (mass[..., None] * grid).sum(2) / mass.sum(2, keepdim=True)


def test_the_identity_shows_the_middle_of_the_picture() -> None:
    pictures = torch.rand(2, 3, 56, 56)
    views = warp_images(pictures, identity_warp(2), SIZE, MARGIN)
    torch.testing.assert_close(views, pictures[..., 8:48, 8:48], atol=1e-5, rtol=0)


def test_the_inverse_is_the_inverse() -> None:
    warp = random_warp(200)
    points = 2 * torch.rand(200, 30, 2) - 1
    assert (to_view(warp, to_source(warp, points)) - points).abs().max() < 1e-3
    source = points * 0.8
    assert (to_source(warp, to_view(warp, source)) - source).abs().max() < 1e-3


def test_the_same_points_for_all_and_for_each() -> None:
    warp, points = random_warp(5), 2 * torch.rand(7, 2) - 1
    torch.testing.assert_close(to_source(warp, points), to_source(warp, points.expand(5, 7, 2)))


def test_mixed_precision_changes_nothing() -> None:
    warp, points = random_warp(5), 2 * torch.rand(5, 7, 2) - 1
    with torch.autocast('cpu', torch.bfloat16):
        mixed = to_source(warp, points), to_view(warp, points)
    for found, expected in zip(
        mixed, (to_source(warp, points), to_view(warp, points)), strict=True
    ):
        assert torch.equal(found, expected)


def test_a_point_goes_where_the_picture_goes() -> None:
    warp = random_warp(8)
    seen = 1.2 * torch.rand(8, 4, 2) - 0.6
    source = to_source(warp, seen)
    views = warp_images(spots(source / MARGIN, 168), warp, (120, 120), MARGIN)
    assert (middles(views) - seen).abs().max() < 0.05  # a bump is not warped into a round one
    assert (middles(views) - seen).abs().mean() < 0.01


def test_the_plate_goes_through_its_control_points() -> None:
    moves = 0.1 * torch.randn(3, 16, 2)
    warp = identity_warp(3)._replace(bend=torch.einsum('cm,bmd->bcd', plate_inverse(4), moves))
    controls = control_grid(4)
    torch.testing.assert_close(bend_of(controls, warp), moves, atol=1e-4, rtol=0)


def test_an_affine_move_of_all_controls_bends_nothing() -> None:
    controls, matrix = control_grid(4), torch.tensor([[0.1, -0.2], [0.05, 0.1]])
    moves = (controls @ matrix + 0.3)[None]
    warp = identity_warp(1)._replace(bend=torch.einsum('cm,bmd->bcd', plate_inverse(4), moves))
    points = 2 * torch.rand(1, 50, 2) - 1
    expected = points @ matrix + 0.3
    torch.testing.assert_close(bend_of(points, warp), expected, atol=1e-4, rtol=0)


def test_gradients_flow_through_points() -> None:
    points = torch.zeros(2, 3, 2, requires_grad=True)
    to_source(random_warp(2), points).sum().backward()
    assert points.grad.abs().min() > 0


def test_beyond_its_frame_a_picture_repeats_its_border() -> None:
    pictures = torch.rand(1, 3, 40, 40)
    frames = torch.tensor([[[-0.475, -9.0], [9.0, 0.525]]])  # at the centres of two pixels
    views = warp_images(pictures, identity_warp(1), SIZE, 1.0, frames)
    torch.testing.assert_close(views[..., :31, 10:], pictures[..., :31, 10:], atol=1e-4, rtol=0)
    edge = pictures[..., :31, 10:11].expand(1, 3, 31, 10)
    torch.testing.assert_close(views[..., :31, :10], edge, atol=1e-4, rtol=0)
    torch.testing.assert_close(views[..., 31, 20], views[..., 30, 20], atol=1e-4, rtol=0)
