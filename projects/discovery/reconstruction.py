"""Repaint a face from its points and from another view of it: a bottleneck of K places.

Jakab et al., "Unsupervised Learning of Object Landmarks through Conditional Image Generation",
NeurIPS 2018. Looks come from the other view, where things are comes from nowhere but the points.
Deviation: no pretrained network judges the picture; colours and edges are compared.
"""

from __future__ import annotations

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from .losses import View


def render_gaussians(points: Tensor, size: tuple[int, int], sigma: float) -> Tensor:
    """A bump of height 1 round each point.

    Args:
        points: [B, K, 2] in [-1, 1], border to border.
        size: (width, height) of the maps.
        sigma: width of a bump, half sides of the view.

    Returns:
        [B, K, height, width]; differentiable in the points.
    """
    width, height = size

    def along(axis: Tensor, count: int) -> Tensor:
        place = (2 * torch.arange(count, device=axis.device) + 1) / count - 1
        return torch.exp(-0.5 * ((place - axis[..., None]) / sigma).square())

    columns, rows = along(points[..., 0], width), along(points[..., 1], height)
    return rows[..., :, None] * columns[..., None, :]


def edges(images: Tensor) -> Tensor:
    """Differences of neighbours along x and y: [B, C, h, w] -> [B, 2 C, h - 1, w - 1]."""
    across = images[..., :-1, 1:] - images[..., :-1, :-1]
    down = images[..., 1:, :-1] - images[..., :-1, :-1]
    return torch.cat([across, down], 1)


def block(in_channels: int, out_channels: int, stride: int = 1) -> nn.Sequential:
    """3×3 conv, norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


class Repainter(nn.Module):
    """The other view's looks and the points' bumps to a picture of half the size.

    Args:
        num_keypoints: K.
        channels: width of all layers.
    """

    def __init__(self, num_keypoints: int, channels: int = 32) -> None:
        super().__init__()
        self.looks = nn.Sequential(
            block(3, channels, 2), block(channels, channels, 2), block(channels, channels)
        )
        self.paint = nn.Sequential(
            block(channels + 2 * num_keypoints, 2 * channels),
            block(2 * channels, channels),
            nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False),
            block(channels, channels),
            nn.Conv2d(channels, 3, 3, 1, 1),
        )

    def forward(self, other: Tensor, there: Tensor, here: Tensor) -> Tensor:
        """Images [B, 3, h, w], bumps in both views [B, K, h / 4, w / 4] -> [B, 3, h / 2, w / 2]."""
        return self.paint(torch.cat([self.looks(other), there, here], 1))


@MODELS.register_module()
class ReconstructionLoss(nn.Module):
    """How badly the view is repainted from the other view and the points alone.

    Args:
        num_keypoints: K.
        channels: of the `Repainter`.
        sigma: of the bumps, half sides of the view.
        edge_weight: of edges against colours.
        loss_weight: factor.
    """

    def __init__(
        self,
        num_keypoints: int,
        channels: int = 32,
        sigma: float = 0.1,
        edge_weight: float = 2.0,
        loss_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.repainter = Repainter(num_keypoints, channels)
        self.sigma, self.edge_weight, self.loss_weight = sigma, edge_weight, loss_weight

    def forward(self, view: View) -> Tensor:
        """Mean absolute error of colours plus that of edges, at half the view's size."""
        height, width = view.score_map.shape[-2:]
        here = render_gaussians(view.points, (width, height), self.sigma)
        there = render_gaussians(view.other_points, (width, height), self.sigma)
        painted = self.repainter(view.other, there.detach(), here).float()
        wanted = F.avg_pool2d(view.image, 2)
        colours = F.l1_loss(painted, wanted)
        return self.loss_weight * (
            colours + self.edge_weight * F.l1_loss(edges(painted), edges(wanted))
        )
