"""JPEG artefacts of a batch: quantised DCT and subsampled chroma, without an encoded file."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

# Annex K of ITU-T T.81, tables K.1 and K.2.
LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
CHROMA = (
    (17, 18, 24, 47, 99, 99, 99, 99), (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99), (47, 66, 99, 99, 99, 99, 99, 99),
    *[(99,) * 8] * 4,
)  # fmt: skip
# Blue, green, red to Y, Cb - 128, Cr - 128 (JFIF).
TO_YCC = ((0.114, 0.587, 0.299), (0.5, -0.331264, -0.168736), (-0.081312, -0.418688, 0.5))


def cosines(like: Tensor) -> Tensor:
    """The orthonormal DCT of 8 values as a matrix [8, 8]."""
    rows = [
        [math.sqrt((1 if k == 0 else 2) / 8) * math.cos(math.pi * k * (2 * n + 1) / 16)
         for n in range(8)]
        for k in range(8)
    ]  # fmt: skip
    return torch.tensor(rows).to(like)


def round_blocks(planes: Tensor, table: Tensor) -> Tensor:
    """Planes [B, C, h, w] through the quantised DCT of 8×8 blocks; tables [B, 8, 8]."""
    b, c, h, w = planes.shape
    blocks = planes.reshape(b, c, h // 8, 8, w // 8, 8).transpose(3, 4)
    transform = cosines(planes)
    steps = table[:, None, None, None]
    waves = (transform @ blocks @ transform.T / steps).round() * steps
    return (transform.T @ waves @ transform).transpose(3, 4).reshape(b, c, h, w)


def jpeg(images: Tensor, quality: Tensor) -> Tensor:
    """Compress and decompress, colours at half the resolution (4:2:0), as libjpeg does.

    Args:
        images: [B, 3, h, w] blue, green, red, 0 to 255.
        quality: [B], 1 to 100.
    """
    height, width = images.shape[2:]
    padded = F.pad(images, (0, -width % 16, 0, -height % 16), mode='replicate')
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    luma, chroma = (
        ((torch.tensor(table).to(images) * scale + 50) / 100).floor().clamp(1, 255)
        for table in (LUMA, CHROMA)
    )
    to_ycc = torch.tensor(TO_YCC).to(images)
    planes = torch.einsum('ij,bjhw->bihw', to_ycc, padded)
    light = round_blocks(planes[:, :1] - 128, luma) + 128
    colors = round_blocks(F.avg_pool2d(planes[:, 1:], 2), chroma)
    colors = F.interpolate(colors, scale_factor=2, mode='bilinear', align_corners=False)
    back = torch.einsum('ij,bjhw->bihw', torch.linalg.inv(to_ycc), torch.cat([light, colors], 1))
    return back[..., :height, :width].round().clamp(0, 255)
