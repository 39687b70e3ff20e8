"""Restyled pictures have others' colours and their own shapes."""

from __future__ import annotations

import torch
from mmpose.registry import MODELS

from fanet_mmpose.semi.style import match_statistics, swap_low_frequencies

torch.manual_seed(0)
PICTURES = torch.randn(3, 3, 32, 32)
STYLES = 2 * torch.randn(3, 3, 32, 32) + torch.randn(3, 3, 1, 1)


def test_statistics_become_the_styles() -> None:
    restyled = match_statistics(PICTURES, STYLES)
    torch.testing.assert_close(restyled.mean((2, 3)), STYLES.mean((2, 3)), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(restyled.std((2, 3)), STYLES.std((2, 3)), atol=1e-4, rtol=1e-4)
    # Shapes stay: each colour is an affine function of what it was.
    before, after = (x.flatten(2) - x.flatten(2).mean(2, True) for x in (PICTURES, restyled))
    cosine = torch.nn.functional.cosine_similarity(before, after, dim=2)
    torch.testing.assert_close(cosine, torch.ones_like(cosine), atol=1e-5, rtol=1e-5)


def test_only_slow_waves_are_swapped_and_phases_stay() -> None:
    restyled = swap_low_frequencies(PICTURES, STYLES, band=2)
    own, other, new = (torch.fft.fft2(x) for x in (PICTURES, STYLES, restyled))
    torch.testing.assert_close(
        new[..., :3, :3].abs(), other[..., :3, :3].abs(), atol=1e-2, rtol=1e-3
    )
    torch.testing.assert_close(new[..., 3:-2, 3:-2], own[..., 3:-2, 3:-2], atol=1e-2, rtol=1e-3)
    turned = (new[..., 1, 1] / own[..., 1, 1]).angle()
    torch.testing.assert_close(turned, torch.zeros_like(turned), atol=1e-3, rtol=0)


def test_ones_own_style_changes_nothing() -> None:
    for restyle in (match_statistics, lambda a, b: swap_low_frequencies(a, b, 3)):
        torch.testing.assert_close(restyle(PICTURES, PICTURES), PICTURES, atol=1e-4, rtol=1e-4)


def test_prob_decides_how_many_are_restyled() -> None:
    never, always = (MODELS.build(dict(type='RandomStyle', prob=p)) for p in (0.0, 1.0))
    assert torch.equal(never(PICTURES, STYLES), PICTURES)
    changed = (always(PICTURES, STYLES[:1]) - PICTURES).abs().amax((1, 2, 3))
    assert (changed > 0.1).all()
