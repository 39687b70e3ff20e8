"""What is asked of points beside that they follow a warp: to part, to be sharp, to explain.

Separation and concentration: Zhang et al., "Unsupervised Discovery of Object Landmarks as
Structural Representations", CVPR 2018. Reconstruction: see `reconstruction.py`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from fanet_mmpose.models.losses import weighted_mean


class View(NamedTuple):
    """What a term may look at; points in [-1, 1] of the view, border to border."""

    image: Tensor  # [B, 3, h, w], before light and colour were changed
    other: Tensor  # [B, 3, h, w], the same faces, warped otherwise
    score_map: Tensor  # [B, K, h / stride, w / stride], logits
    points: Tensor  # [B, K, 2], the student's
    target: Tensor  # [B, K, 2], where they should be; detached
    other_points: Tensor  # [B, K, 2], the teacher's, in the other view; detached
    weights: Tensor  # [B, K], 1 where the target lies within the view


def separation(points: Tensor, distance: float) -> Tensor:
    """How much points [B, K, 2] crowd: [B], 0 where all are far apart, K - 1 where all are equal.

    Args:
        points: in any unit.
        distance: in the same unit; the Gaussian's σ.
    """
    apart = (points[:, :, None] - points[:, None]).square().sum(-1)
    near = torch.exp(-apart / (2 * distance**2))
    return (near.sum((1, 2)) - near.shape[1]) / near.shape[1]


def spread(score_map: Tensor) -> Tensor:
    """Variance of each map's distribution about its mean: logits [B, K, h, w] -> [B, K].

    In squared half sides of the map, summed over x and y.
    """
    height, width = score_map.shape[-2:]
    chance = score_map.float().flatten(2).softmax(-1).unflatten(2, (height, width))
    total = torch.zeros_like(chance[:, :, 0, 0])
    for size, along in ((width, chance.sum(2)), (height, chance.sum(3))):
        place = (2 * torch.arange(size, device=along.device) + 1) / size - 1
        mean = (along * place).sum(-1, keepdim=True)
        total = total + (along * (place - mean).square()).sum(-1)
    return total


@MODELS.register_module()
class SeparationLoss(nn.Module):
    """`separation` of the student's points.

    Args:
        distance: half sides of the view; nearer points repel each other.
        loss_weight: factor.
    """

    def __init__(self, distance: float = 0.1, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.distance, self.loss_weight = distance, loss_weight

    def forward(self, view: View) -> Tensor:
        """Mean over the batch."""
        return self.loss_weight * separation(view.points, self.distance).mean()


@MODELS.register_module()
class ConcentrationLoss(nn.Module):
    """`spread` of the student's score maps.

    Args:
        loss_weight: factor.
    """

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, view: View) -> Tensor:
        """Mean over the batch and its points."""
        return self.loss_weight * spread(view.score_map).mean()


@MODELS.register_module()
class EquivarianceLoss(nn.Module):
    """Distance of the student's points from where the warp takes the teacher's.

    Thewlis et al., arXiv 1705.02193. For trainings without the head's own losses.

    Args:
        loss_weight: factor.
    """

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, view: View) -> Tensor:
        """Mean absolute difference over the points within the view, half sides of the view."""
        error = (view.points - view.target).abs().mean(-1)
        return self.loss_weight * weighted_mean(error, view.weights)
