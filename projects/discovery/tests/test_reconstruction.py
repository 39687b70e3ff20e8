"""The bottleneck passes places and nothing else, and places can be learned through it."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.losses import View  # noqa: E402
from projects.discovery.reconstruction import (  # noqa: E402
    ReconstructionLoss,
    edges,
    render_gaussians,
)


def test_a_bump_is_highest_at_its_point() -> None:
    points = torch.tensor([[[-0.75, 0.25], [0.25, -0.25]]])  # centres of cells of an 8×8 map
    maps = render_gaussians(points + 0.125, (8, 8), 0.1)
    assert maps.shape == (1, 2, 8, 8)
    assert maps[0, 0].argmax() == 5 * 8 + 1 and maps[0, 1].argmax() == 3 * 8 + 5
    assert maps.amax((2, 3)).allclose(torch.ones(1, 2))


def test_edges_of_a_ramp_are_its_slope() -> None:
    ramp = torch.arange(4.0).expand(1, 1, 4, 4)
    assert edges(ramp)[:, 0].eq(1).all() and edges(ramp)[:, 1].eq(0).all()


def test_points_get_a_gradient_from_the_picture() -> None:
    torch.manual_seed(0)
    loss = ReconstructionLoss(num_keypoints=3, channels=8)
    points = (torch.rand(4, 3, 2) - 0.5).requires_grad_()
    images = torch.rand(4, 3, 32, 32)
    maps, fixed = torch.zeros(4, 3, 8, 8), torch.zeros(4, 3, 2)
    value = loss(View(images, images, maps, points, fixed, fixed, torch.ones(4, 3)))
    value.backward()
    assert value > 0 and points.grad.abs().sum() > 0
