"""Between the head's cells and [-1, 1] of a view, and the head's own losses on given points."""

from __future__ import annotations

import torch
from torch import Tensor

from fanet_mmpose.models.local_coordinate_head import Landmarks, LocalCoordinateHead, Truth
from fanet_mmpose.models.score_map import normalize_cells


def to_cells(points: Tensor, size: Tensor) -> Tensor:
    """[-1, 1] from border to border -> cells of a map of `size` [2] as (w, h)."""
    return ((points + 1) * size - 1) / 2


def map_size(found: Landmarks) -> Tensor:
    """(w, h) of the score map."""
    return found.refined.new_tensor([found.score_map.shape[-1], found.score_map.shape[-2]])


def to_unit(found: Landmarks) -> Tensor:
    """The refined coordinates in [-1, 1] of the view [B, K, 2]."""
    return normalize_cells(found.refined, map_size(found))


def supervise(
    head: LocalCoordinateHead, found: Landmarks, target: Tensor, weights: Tensor
) -> dict[str, Tensor]:
    """The head's own losses against points in cells [B, K, 2] of weight [B, K]."""
    return head.loss_by_feat(found, Truth(target, weights, torch.ones_like(weights)))
