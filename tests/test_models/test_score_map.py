"""Positions from score maps: sub-cell, equivariant, differentiable."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from fanet_mmpose.models.losses import cell_distribution  # noqa: E402
from fanet_mmpose.models.score_map import (  # noqa: E402
    find_peaks,
    gather_windows,
    local_log_probs,
    local_soft_argmax,
    log_probabilities,
    normalize_cells,
    peak_window,
    sample_windows,
    window_steps,
)


def logits_at(cells: torch.Tensor, width: int = 20, height: int = 14) -> torch.Tensor:
    """Gaussian score maps [1, K, h, w] whose means are `cells` [K, 2]."""
    columns = cell_distribution(cells[:, 0], width, 0.75)
    rows = cell_distribution(cells[:, 1], height, 0.75)
    return (rows[:, :, None] * columns[:, None]).log().clamp(min=-60)[None]


def evidence(scores: torch.Tensor, radius: int) -> torch.Tensor:
    return local_log_probs(peak_window(log_probabilities(scores), radius))


def locate(score_map: torch.Tensor, radius: int) -> torch.Tensor:
    return local_soft_argmax(peak_window(score_map, radius))


def test_peaks_are_x_then_y() -> None:
    score = torch.zeros(1, 1, 5, 7)
    score[0, 0, 2, 6] = 1
    assert find_peaks(score).tolist() == [[[6, 2]]]


def test_locates_to_a_hundredth_of_a_cell() -> None:
    cells = torch.rand(50, 2, generator=torch.Generator().manual_seed(0)) * 8 + 3
    found = locate(logits_at(cells), 3)[0]
    assert (found - cells).abs().max() < 0.01


def test_far_noise_does_not_pull() -> None:
    cells = torch.tensor([[4.0, 4.0]])
    score = logits_at(cells)
    score[..., 12, 17] = score.max() - 0.1
    assert (locate(score, 2)[0] - cells).abs().max() < 0.02


def test_shift_by_whole_cells_shifts_the_position() -> None:
    score = torch.full((1, 4, 20, 20), -30.0)
    score[..., 6:11, 6:11] = torch.randn(1, 4, 5, 5, generator=torch.Generator().manual_seed(1))
    moved = locate(score.roll((3, -2), (2, 3)), 2)
    assert torch.allclose(moved, locate(score, 2) + torch.tensor([-2.0, 3.0]), atol=1e-4)


def test_window_at_the_border_stays_inside() -> None:
    score = torch.zeros(1, 1, 6, 6)
    score[..., 0, 0] = 40
    assert torch.allclose(locate(score, 2), torch.zeros(1, 1, 2), atol=1e-5)


def test_gradient_pulls_towards_the_target() -> None:
    score = logits_at(torch.tensor([[5.0, 5.0]])).requires_grad_()
    locate(score, 2)[..., 0].sum().backward()
    assert score.grad[0, 0, 5, 6] > 0 > score.grad[0, 0, 5, 4]


def test_samples_are_bilinear_and_zero_outside() -> None:
    ramp = torch.arange(8.0).expand(1, 1, 6, 8)
    size = torch.tensor([8.0, 6.0])
    centers = normalize_cells(torch.tensor([[[2.25, 3.0], [0.0, 0.0]]]), size)
    steps = window_steps(1)
    windows = sample_windows(ramp, centers, steps)
    assert windows.shape == (1, 1, 2, 9)
    assert windows[0, 0, 0].tolist() == pytest.approx([1.25, 2.25, 3.25] * 3, abs=1e-5)
    assert windows[0, 0, 1, 0] == 0  # one cell up and left of the corner


@pytest.mark.parametrize('radius', [0, 1, 2])
def test_gathered_windows_and_their_gradients_are_those_of_grid_sample(radius: int) -> None:
    numbers = torch.Generator().manual_seed(4)
    feature_map = torch.randn(2, 3, 6, 8, generator=numbers, dtype=torch.float64)
    feature_map.requires_grad_()
    centers = torch.rand(2, 5, 2, generator=numbers, dtype=torch.float64) * 3 - 1.5  # outside, too
    weights = torch.randn(2, 3, 5, (2 * radius + 1) ** 2, generator=numbers, dtype=torch.float64)
    results = []
    for sample in (sample_windows, gather_windows):
        windows = sample(feature_map, centers, window_steps(radius) * 0.7)
        results.append((windows, *torch.autograd.grad((windows * weights).sum(), feature_map)))
    torch.testing.assert_close(results[1], results[0])


def test_where_determinism_is_asked_for_nothing_without_it_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a GPU the gradient of `grid_sample` then raises."""
    monkeypatch.setattr(torch, 'are_deterministic_algorithms_enabled', lambda: True)
    monkeypatch.setattr(torch.nn.functional, 'grid_sample', None)
    feature_map, centers = torch.ones(1, 2, 4, 4), torch.zeros(1, 3, 2)
    assert sample_windows(feature_map, centers, window_steps(0)).flatten().tolist() == [1] * 6


def test_evidence_is_the_same_for_any_offset_of_the_logits_and_teaches_the_map_nothing() -> None:
    score = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(2)).requires_grad_()
    found = evidence(score, 1)
    assert found.shape == (2, 3, 9) and not found.requires_grad
    assert torch.allclose(evidence(score + 7, 1), found, atol=1e-5)


def test_evidence_is_the_scaled_log_probability_among_all_cells() -> None:
    score = 3 * torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(3)) + 400
    window = peak_window(log_probabilities(score), 1)
    cells = window.peaks[:, :, None] + window.steps
    x, y = cells.clamp(0, 7).long().unbind(-1)
    expected = score.flatten(2).log_softmax(-1).gather(2, y * 8 + x)
    inside = window.log_probs.isfinite()
    found = local_log_probs(window)
    assert torch.allclose(found[inside], expected.clamp(min=-12)[inside] / 4 + 1, atol=1e-4)


def test_evidence_tells_one_peak_from_two_and_outside_from_inside() -> None:
    one, two = torch.zeros(1, 1, 8, 8), torch.zeros(1, 1, 8, 8)
    one[..., 0, 0] = two[..., 0, 0] = two[..., 6, 6] = 20
    sure, torn = (evidence(score, 1)[0, 0] for score in (one, two))
    assert sure[4] == pytest.approx(1, abs=1e-3)
    assert torn[4] == pytest.approx(1 - 0.6931 / 4, abs=1e-3)
    assert sure[0] == -2  # off the map


def test_log_probabilities_are_float32_and_sum_to_one_over_each_map() -> None:
    scores = 30 * torch.randn(2, 3, 5, 7, generator=torch.Generator().manual_seed(5)).bfloat16()
    found = log_probabilities(scores)
    assert found.dtype == torch.float32 and found.shape == scores.shape
    assert torch.allclose(found.exp().sum((-2, -1)), torch.ones(2, 3), atol=1e-5)


def test_empty_batch() -> None:
    assert locate(torch.zeros(0, 19, 8, 8), 2).shape == (0, 19, 2)
