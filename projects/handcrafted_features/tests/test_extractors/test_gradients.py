"""Soft binning keeps what it shares out; clipping keeps the length."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.handcrafted_features.extractors.gradients import (  # noqa: E402
    clip_and_normalize,
    image_gradient,
    orientation_maps,
)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_gradient_of_a_ramp() -> None:
    y, x = torch.meshgrid(torch.arange(6.0), torch.arange(7.0), indexing='ij')
    down, right = image_gradient((3 * y + 5 * x)[None, None])
    assert (down[..., 1:-1, :] == 6).all() and (right[..., 1:-1] == 10).all()
    assert not down[..., [0, -1], :].any() and not right[..., [0, -1]].any()


@pytest.mark.parametrize('first', [0.0, 0.5])
def test_votes_sum_to_the_weight_and_go_to_two_neighbours(
    first: float, generator: torch.Generator
) -> None:
    angle = 4 * torch.rand(2, 1, 5, 6, generator=generator) - 2  # turns, more than one either way
    weight = torch.rand(2, 1, 5, 6, generator=generator)
    votes = orientation_maps(angle, weight, 8, first)
    assert torch.allclose(votes.sum(1, keepdim=True), weight, atol=1e-5)
    assert ((votes > 0).sum(1) <= 2).all()


def test_the_centre_of_a_bin_votes_for_it_alone() -> None:
    angle = ((torch.arange(9) + 0.5) / 9).view(9, 1, 1, 1)
    votes = orientation_maps(angle, torch.ones_like(angle), 9, 0.5)[..., 0, 0]
    assert torch.allclose(votes, torch.eye(9), atol=1e-5)


def test_clipped_descriptors_have_unit_length_and_nothing_stays_nothing(
    generator: torch.Generator,
) -> None:
    histogram = torch.rand(3, 32, generator=generator)
    histogram[0, 0] = 100
    histogram[2] = 0
    done = clip_and_normalize(histogram, dim=(1,))
    assert torch.allclose(done[:2].norm(dim=1), torch.ones(2), atol=1e-4)
    assert not done[2].any()
    # One large value weighs as much as 0.2 would before the last normalisation: not all.
    assert done[0, 0] < 0.999 and (done <= 1).all()
