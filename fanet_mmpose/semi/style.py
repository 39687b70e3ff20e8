"""RandomStyle: drawn faces in the colours and the light of real pictures.

Statistics: Reinhard et al., Color transfer between images, 2001. Spectrum: Yang & Soatto, FDA,
arXiv 2004.05498. Both leave every edge where it is, so the points stay true.
"""

from __future__ import annotations

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn


def match_statistics(pictures: Tensor, styles: Tensor) -> Tensor:
    """Give pictures the mean and the spread of each colour of others; both [B, 3, H, W]."""
    mean, std = pictures.mean((2, 3), keepdim=True), pictures.std((2, 3), keepdim=True)
    other_mean, other_std = styles.mean((2, 3), keepdim=True), styles.std((2, 3), keepdim=True)
    return (pictures - mean) / std.clamp(min=1e-3) * other_std + other_mean


def swap_low_frequencies(pictures: Tensor, styles: Tensor, band: int) -> Tensor:
    """Give pictures the amplitudes of others' slowest waves; phases stay. [B, 3, H, W] twice.

    Args:
        band: Waves of up to so many periods a picture along each axis.
    """
    own, other = torch.fft.fft2(pictures.float()), torch.fft.fft2(styles.float())
    amplitude, phase = own.abs(), own.angle()
    for rows in (slice(0, band + 1), slice(-band, None)):
        for columns in (slice(0, band + 1), slice(-band, None)):
            amplitude[..., rows, columns] = other.abs()[..., rows, columns]
    return torch.fft.ifft2(torch.polar(amplitude, phase)).real.to(pictures.dtype)


@MODELS.register_module()
class RandomStyle(nn.Module):
    """Restyle some pictures of a batch, each after a random one of others.

    Args:
        prob (float): Chance that a picture is restyled. Defaults to 0.5.
        band (int): Of `swap_low_frequencies`, drawn from 1 to this; half of the restyled pictures
            take the spectrum, half the statistics. Defaults to 2.
    """

    def __init__(self, prob: float = 0.5, band: int = 2) -> None:
        super().__init__()
        self.prob, self.band = prob, band

    def forward(self, pictures: Tensor, styles: Tensor) -> Tensor:
        """Pictures [B, 3, H, W] and at least one style [S, 3, H, W], both normalised -> [B, …]."""
        count = len(pictures)
        chosen = styles[torch.randint(len(styles), (count,), device=styles.device)]
        band = int(torch.randint(1, self.band + 1, ()))
        dice = torch.rand(count, 1, 1, 1, device=pictures.device)
        by_spectrum = swap_low_frequencies(pictures, chosen, band)
        restyled = torch.where(
            dice < self.prob / 2, by_spectrum, match_statistics(pictures, chosen)
        )
        return torch.where(dice < self.prob, restyled, pictures)
