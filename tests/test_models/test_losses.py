"""Losses: minima where they belong, absent points ignored, zero weights harmless."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from fanet_mmpose.models.losses import (  # noqa: E402
    CoordinateLoss,
    LaplaceScaleLoss,
    ScoreMapLoss,
    cell_distribution,
    laplace_nll,
    score_map_cross_entropy,
)
from fanet_mmpose.models.score_map import log_probabilities  # noqa: E402

TARGET = torch.tensor([[[3.3, 4.8], [6.0, 2.1]]])


def test_cell_distribution_sums_to_one_even_far_outside() -> None:
    p = cell_distribution(torch.tensor([-300.0, 0.4, 7.9, 500.0]), 8, 0.75)
    assert torch.allclose(p.sum(-1), torch.ones(4))
    assert p[0].argmax() == 0
    assert p[3].argmax() == 7


def test_cross_entropy_is_that_of_the_dense_target() -> None:
    score = torch.randn(1, 2, 8, 10, generator=torch.Generator().manual_seed(0))
    dense = (
        cell_distribution(TARGET[..., 1], 8, 0.75)[..., :, None]
        * cell_distribution(TARGET[..., 0], 10, 0.75)[..., None, :]
    )
    expected = -(dense.flatten(2) * score.flatten(2).log_softmax(-1)).sum(-1)
    found = score_map_cross_entropy(log_probabilities(score), TARGET, 0.75)
    assert torch.allclose(found, expected, atol=1e-5)


def test_cross_entropy_keeps_float32_where_products_are_halved() -> None:
    score = log_probabilities(torch.randn(1, 2, 8, 10, generator=torch.Generator().manual_seed(0)))
    with torch.autocast('cpu', torch.bfloat16):
        found = score_map_cross_entropy(score, TARGET, 0.75)
    assert torch.equal(found, score_map_cross_entropy(score, TARGET, 0.75))


def test_cross_entropy_is_least_at_the_target_itself() -> None:
    dense = (
        cell_distribution(TARGET[..., 1], 8, 0.75)[..., :, None]
        * cell_distribution(TARGET[..., 0], 10, 0.75)[..., None, :]
    )
    score = dense.log().clamp(min=-80).requires_grad_()
    score_map_cross_entropy(log_probabilities(score), TARGET, 0.75).sum().backward()
    assert score.grad.abs().max() < 1e-4


def test_nll_is_least_where_the_scale_is_the_mean_error() -> None:
    errors = torch.randn(20_000, generator=torch.Generator().manual_seed(0))
    best = errors.abs().mean().log()
    nll = [laplace_nll(errors, best + d).mean() for d in (-0.2, 0.0, 0.2)]
    assert nll[1] < min(nll[0], nll[2])


def test_scale_loss_does_not_move_the_coordinate() -> None:
    coordinates = (TARGET + 1).requires_grad_()
    log_scale = torch.zeros(1, 2, requires_grad=True)
    LaplaceScaleLoss()(log_scale, coordinates, TARGET, torch.ones(1, 2)).backward()
    assert coordinates.grad is None
    assert log_scale.grad.abs().sum() < 1e-6  # an error of 1 is what a scale of 1 expects


@pytest.mark.parametrize('weights', [torch.zeros(1, 2), torch.tensor([[1.0, 0.0]])])
def test_absent_points_change_nothing(weights: torch.Tensor) -> None:
    score = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(0), requires_grad=True)
    coordinates = (TARGET + 0.7).requires_grad_()
    spoiled = TARGET + (1 - weights[..., None]) * 3
    for target in (TARGET, spoiled):
        score.grad = coordinates.grad = None
        loss = ScoreMapLoss()(log_probabilities(score), target, weights)
        loss = loss + CoordinateLoss()(coordinates, target, weights)
        loss.backward()
        assert torch.isfinite(loss)
        assert (coordinates.grad[weights == 0] == 0).all()
        assert (score.grad[weights == 0] == 0).all()
    if not weights.any():
        assert loss == 0
