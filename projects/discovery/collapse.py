"""Points that say nothing of the face: the ways in which training without labels ends."""

from __future__ import annotations

from torch import Tensor

LEAST_SPREAD = 0.05  # half sides of the view, root mean square about a face's middle point
BORDER, MOST_AT_BORDER = 0.95, 0.8
LEAST_MOTION = 0.01  # half sides; warps move faces by ten times that and more


def find_collapse(points: Tensor) -> str | None:
    """What is wrong with the points of a batch of differently warped faces, in a few words.

    Args:
        points: [B, K, 2] in [-1, 1] of the views, border to border.

    Returns:
        None where nothing is.
    """
    points = points.float()
    if not points.isfinite().all():
        return 'some are not numbers'
    middle = points.mean(1, keepdim=True)
    if (points - middle).square().sum(-1).mean().sqrt() < LEAST_SPREAD:
        return 'all lie in one place'
    if ((points.abs() > BORDER).any(-1)).float().mean() > MOST_AT_BORDER:
        return 'they lie on the border'
    if len(points) > 1 and points.std(0).mean() < LEAST_MOTION:
        return 'they stay where they are whatever the picture shows'
    return None
