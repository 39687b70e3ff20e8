"""Terms are least where they should be."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.losses import (  # noqa: E402
    ConcentrationLoss,
    EquivarianceLoss,
    SeparationLoss,
    View,
    separation,
    spread,
)


def view(points: torch.Tensor, target: torch.Tensor, weights: torch.Tensor) -> View:
    blank = torch.zeros(len(points), 3, 16, 16)
    score_map = torch.zeros(len(points), points.shape[1], 4, 4)
    return View(blank, blank, score_map, points, target, target, weights)


def test_separation_is_greatest_where_all_are_equal() -> None:
    assert separation(torch.zeros(1, 5, 2), 0.1).item() == pytest.approx(4)
    far = torch.arange(5.0)[None, :, None].expand(1, 5, 2)
    assert separation(far, 0.1).item() == pytest.approx(0, abs=1e-6)


def test_separation_drives_points_apart() -> None:
    points = torch.tensor([[[0.0, 0.0], [0.05, 0.0]]], requires_grad=True)
    SeparationLoss()(view(points, points.detach(), torch.ones(1, 2))).backward()
    assert points.grad[0, 0, 0] > 0 > points.grad[0, 1, 0]  # a step downhill parts them


def test_spread_of_a_peak_and_of_a_flat_map() -> None:
    peak = torch.full((1, 1, 8, 8), -50.0)
    peak[0, 0, 3, 5] = 50
    assert spread(peak).item() == pytest.approx(0, abs=1e-6)
    cells = (2 * torch.arange(8) + 1) / 8 - 1
    assert spread(torch.zeros(1, 1, 8, 8)).item() == pytest.approx(
        2 * cells.var(unbiased=False).item()
    )


def test_equivariance_counts_points_within_the_view_only() -> None:
    points, target = torch.zeros(1, 2, 2), torch.tensor([[[0.2, 0.2], [9.0, 9.0]]])
    loss = EquivarianceLoss()(view(points, target, torch.tensor([[1.0, 0.0]])))
    assert loss.item() == pytest.approx(0.2)


@pytest.mark.parametrize('kind', [SeparationLoss, ConcentrationLoss, EquivarianceLoss])
def test_the_weight_is_a_factor(kind: type) -> None:
    torch.manual_seed(0)
    one = view(torch.rand(2, 3, 2), torch.rand(2, 3, 2), torch.ones(2, 3))
    torch.testing.assert_close(kind(loss_weight=3.0)(one), 3 * kind(loss_weight=1.0)(one))
