"""Light and colour change, size and place do not."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
from projects.discovery.photometry import blur_some, hide_part, jitter  # noqa: E402


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def test_pictures_change_and_keep_their_shape() -> None:
    images = torch.randn(8, 3, 20, 24)
    changed = jitter(images)
    assert changed.shape == images.shape and changed.dtype == images.dtype
    assert changed.isfinite().all() and (changed != images).flatten(1).any(1).all()


def test_no_strength_changes_nothing() -> None:
    images = torch.randn(2, 3, 8, 8)
    assert jitter(images, 0) is images


def test_a_bright_spot_stays_where_it_is() -> None:
    images = torch.zeros(50, 3, 16, 16)
    images[..., 5, 9] = 8
    changed = blur_some(images, 1.0).mean(1).flatten(1)
    assert changed.argmax(1).eq(5 * 16 + 9).all()


def test_hidden_parts_are_of_one_colour_and_of_the_size_asked_for() -> None:
    images = torch.rand(30, 3, 40, 40)
    hidden = (hide_part(images, 1.0, (0.5, 0.5)) != images).all(1).float().mean((1, 2))
    assert hidden.max() <= 0.27 and hidden.mean() > 0.1
    assert torch.equal(hide_part(images, 0.0), images)
