"""Changes of light, colour and sharpness: what must not move a point."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def jitter(images: Tensor, strength: float = 1.0) -> Tensor:
    """Change contrast, brightness, colour and sharpness of each picture, and hide a part of it.

    Args:
        images: [B, C, h, w], normalised to about zero mean and unit variance.
        strength: 0 for none.
    """
    if not strength:
        return images

    def draw(channels: int = 1) -> Tensor:
        shape = (len(images), channels, 1, 1)
        return strength * torch.randn(shape, device=images.device, dtype=images.dtype)

    channels = images.shape[1]
    grey = images.mean(1, keepdim=True)
    mixed = torch.lerp(images, grey.expand_as(images), draw().abs().mul(0.4).clamp(0, 1))
    mixed = mixed * torch.exp(0.2 * draw() + 0.05 * draw(channels)) + 0.25 * draw()
    mixed = mixed + 0.1 * draw(channels)
    return hide_part(blur_some(mixed, 0.3 * strength), 0.3 * strength)


def blur_some(images: Tensor, chance: float) -> Tensor:
    """Average 3×3 pixels in some of the pictures, by a random share."""
    soft = F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode='replicate'), 3, 1)
    shape = (len(images), 1, 1, 1)
    share = torch.rand(shape, device=images.device, dtype=images.dtype)
    chosen = torch.rand(shape, device=images.device) < chance
    return torch.where(chosen, torch.lerp(images, soft, share), images)


def hide_part(images: Tensor, chance: float, size: tuple[float, float] = (0.15, 0.4)) -> Tensor:
    """Put a box of one colour, of `size` (least, largest share of the side), over some pictures."""
    height, width = images.shape[-2:]

    def draw(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(len(images), 1, 1, 1, device=images.device)

    half_x, half_y, x, y = draw(*size) / 2, draw(*size) / 2, draw(0, 1), draw(0, 1)
    columns = (torch.arange(width, device=images.device) + 0.5) / width
    rows = ((torch.arange(height, device=images.device) + 0.5) / height)[:, None]
    inside = ((columns - x).abs() < half_x) & ((rows - y).abs() < half_y)
    inside = inside & (draw(0, 1) < chance)
    colour = torch.randn(len(images), images.shape[1], 1, 1, device=images.device)
    return torch.where(inside, colour.to(images.dtype), images)
