"""Positions from score maps: sub-cell, equivariant, differentiable."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from fanet_mmpose.models.losses import cell_distribution  # noqa: E402
from fanet_mmpose.models.score_map import (  # noqa: E402
    find_peaks,
    local_log_probs,
    local_soft_argmax,
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


def test_evidence_is_the_same_for_any_offset_of_the_logits_and_teaches_the_map_nothing() -> None:
    score = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(2)).requires_grad_()
    found = local_log_probs(score, peak_window(score, 1))
    assert found.shape == (2, 3, 9) and not found.requires_grad
    moved = score + 7
    assert torch.allclose(local_log_probs(moved, peak_window(moved, 1)), found, atol=1e-5)


def test_evidence_is_the_scaled_log_probability_among_all_cells() -> None:
    score = 3 * torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(3)) + 400
    window = peak_window(score, 1)
    cells = window.peaks[:, :, None] + window.steps
    x, y = cells.clamp(0, 7).long().unbind(-1)
    expected = score.flatten(2).log_softmax(-1).gather(2, y * 8 + x)
    inside = window.logits.isfinite()
    found = local_log_probs(score, window)
    assert torch.allclose(found[inside], expected.clamp(min=-12)[inside] / 4 + 1, atol=1e-4)


def test_evidence_tells_one_peak_from_two_and_outside_from_inside() -> None:
    one, two = torch.zeros(1, 1, 8, 8), torch.zeros(1, 1, 8, 8)
    one[..., 0, 0] = two[..., 0, 0] = two[..., 6, 6] = 20
    sure, torn = (local_log_probs(score, peak_window(score, 1))[0, 0] for score in (one, two))
    assert sure[4] == pytest.approx(1, abs=1e-3)
    assert torn[4] == pytest.approx(1 - 0.6931 / 4, abs=1e-3)
    assert sure[0] == -2  # off the map


def test_empty_batch() -> None:
    assert locate(torch.zeros(0, 19, 8, 8), 2).shape == (0, 19, 2)
