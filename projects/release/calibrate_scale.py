"""Make predicted scales as large as the errors on faces that were not trained on.

A long training errs less on its own faces than on others, and the scale is learnt on its own.
One factor for all points sets that right, as temperature scaling does for classes (Guo et al.,
arXiv 1706.04599); of a Laplace distribution the mean of |error| / b is its most likely value.
"""

from __future__ import annotations

from pathlib import Path

import torch

from fanet_mmpose.deploy.network import load_network
from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.calibration import calibrate
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.files import replacing


def scale_factor(results: Path) -> float:
    """Mean of |error along an axis| / b over the labelled points of a results file.

    Raises:
        UserError: the file cannot be read, or has no scales or too few points.
    """
    factor = calibrate(load_results(results)).scale_factor
    if not factor:
        raise UserError(f'{results}: has no predicted scales, or too few points to judge them by')
    return factor


def calibrate_scale(config: Path, checkpoint: Path, results: Path, out: Path) -> float:
    """Write a checkpoint that differs in its predicted scales alone; the factor.

    Args:
        config: of the checkpoint; its head is a `LocalCoordinateHead`.
        checkpoint: of a training.
        results: what it finds on val, a results file.
        out: checkpoint to write.

    Raises:
        UserError: a file cannot be read or does not fit another.
    """
    factor = scale_factor(results)
    _, network = load_network(config, checkpoint)
    network.head.scale_by(factor)
    meta = load_checkpoint(checkpoint).get('meta', {})
    out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(out) as temporary:
        torch.save(dict(meta=meta, state_dict=network.state_dict()), temporary)
    return factor
