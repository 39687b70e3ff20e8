"""What FANet trains with beyond MMPose's own losses: the score map and the scale."""

from __future__ import annotations

import torch
from mmengine.dist import all_reduce, get_world_size
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Mean of `values` where `weights` are not zero; 0, with a gradient path, where all are.

    Of several processes each divides by their mean sum of weights, so that the mean of their
    results, and of their gradients, is that of the whole batch. All of them must call it.
    """
    total = weights.sum()
    all_reduce(total, 'mean')
    return (values * weights).sum() / total.clamp(min=1 / get_world_size())


def cell_distribution(coordinates: Tensor, size: int, sigma: float) -> Tensor:
    """A normalised Gaussian over the cells of one axis: cells [...] -> [..., size]."""
    cells = torch.arange(size, device=coordinates.device)
    return (-0.5 * ((cells - coordinates[..., None]) / sigma) ** 2).softmax(-1)


def score_map_cross_entropy(log_probs: Tensor, coordinates: Tensor, sigma: float) -> Tensor:
    """Cross-entropy between a landmark's score map and a Gaussian round the true position.

    A softmax over cells makes the cells compete, which a per-cell MSE heatmap does not
    (the 2D form of SimCC's classification, Li et al., arXiv 2107.03332).

    Args:
        log_probs: Of the cells among all of a map, as `log_probabilities` gives them, float32
            [B, K, h, w].
        coordinates: True positions, cells [B, K, 2].
        sigma: Width of the Gaussian, cells.

    Returns:
        [B, K].
    """
    height, width = log_probs.shape[-2:]
    columns = cell_distribution(coordinates[..., 0], width, sigma)
    rows = cell_distribution(coordinates[..., 1], height, sigma)
    # Two small products instead of a dense [B, K, h, w] target; autocast would halve their digits.
    device = log_probs.device.type
    with torch.autocast('cpu' if device == 'meta' else device, enabled=False):
        of_columns = (rows[..., None, :] @ log_probs).squeeze(-2)
        return -(of_columns * columns).sum(-1)


def laplace_nll(error: Tensor, log_scale: Tensor) -> Tensor:
    """Negative log-likelihood of errors under Laplace(0, exp(log_scale)), less log 2; any shape."""
    return error.abs() * torch.exp(-log_scale) + log_scale


@MODELS.register_module()
class ScoreMapLoss(nn.Module):
    """`score_map_cross_entropy`, averaged over the annotated points.

    Args:
        sigma (float): Width of the Gaussian target, cells. Defaults to 0.75.
        loss_weight (float): Factor. Defaults to 1.0.
    """

    def __init__(self, sigma: float = 0.75, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.sigma, self.loss_weight = sigma, loss_weight

    def forward(self, log_probs: Tensor, coordinates: Tensor, weights: Tensor) -> Tensor:
        """Log-probabilities [B, K, h, w], cells [B, K, 2], weights [B, K] -> scalar."""
        loss = score_map_cross_entropy(log_probs, coordinates, self.sigma)
        return self.loss_weight * weighted_mean(loss, weights)


@MODELS.register_module()
class CoordinateLoss(nn.Module):
    """Absolute error in cells, averaged over the annotated points only.

    MMPose's `L1Loss` divides by all points, absent ones too.

    Args:
        loss_weight (float): Factor. Defaults to 1.0.
    """

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, coordinates: Tensor, target: Tensor, weights: Tensor) -> Tensor:
        """Cells [B, K, 2] twice, weights [B, K] -> scalar."""
        error = F.l1_loss(coordinates, target, reduction='none').mean(-1)
        return self.loss_weight * weighted_mean(error, weights)


@MODELS.register_module()
class LaplaceScaleLoss(nn.Module):
    """Teach the scale to be the expected error; the coordinate learns nothing from it.

    Kendall & Gal, arXiv 1703.04977. The error is detached: a joint likelihood lets a model
    buy off hard points with a large scale (Seitzer et al., arXiv 2203.09168).

    Args:
        loss_weight (float): Factor. Defaults to 0.1.
    """

    def __init__(self, loss_weight: float = 0.1) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(
        self, log_scale: Tensor, coordinates: Tensor, target: Tensor, weights: Tensor
    ) -> Tensor:
        """Log scale [B, K], cells [B, K, 2] twice, weights [B, K] -> scalar."""
        error = (coordinates - target).detach()
        loss = laplace_nll(error, log_scale[..., None]).mean(-1)
        return self.loss_weight * weighted_mean(loss, weights)
