"""SharedPointsHook: a model of some points starts as what a model of other points has learnt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

from fanet_mmpose.engine.run_parts import model_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import (
    PointSchema,
    SharedPoints,
    schema_of_dataset,
    shared_points,
)
from fanet_mmpose.models.earlier_keys import rename_keys


@HOOKS.register_module()
class SharedPointsHook(Hook):
    """Rewrites the checkpoint of ``load_from`` for one's own points, before it is loaded.

    What a layer holds for each landmark (rows of the score map's filters, queries, identities)
    is taken from the points that `SharedPoints` names, or is their mean. A point that the
    checkpoint's set does not have keeps the row that it starts with. All else is loaded as it is.
    Nothing happens on ``--resume``, or where the checkpoint has these very points.

    The points are those of the training data, by their ``dataset_name``.
    """

    priority = 'VERY_HIGH'  # before an `EMAHook` copies the checkpoint

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Replace the rows."""
        if runner._resume or 'state_dict' not in checkpoint:
            return
        source = _schema_of((checkpoint.get('meta') or {}).get('dataset_meta'))
        target = _schema_of(runner.train_loop.dataloader.dataset.metainfo)
        if source is None or target is None or source.name == target.name:
            return
        shared = _shared(source, target)
        checkpoint['state_dict'] = rename_keys(checkpoint['state_dict'])
        wanted = model_of(runner).state_dict()
        rows, missing = transfer_rows(checkpoint['state_dict'], wanted, shared)
        checkpoint['state_dict'].update(rows)
        runner.logger.info(
            f'{len(rows)} tensors start from the points of {source.name}; new points: {missing}'
        )


def transfer_rows(
    given: Mapping[str, Tensor], wanted: Mapping[str, Tensor], shared: SharedPoints
) -> tuple[dict[str, Tensor], int]:
    """Rows for K landmarks from those for K_source.

    Args:
        given: tensors by name, of a model of K_source landmarks.
        wanted: those of a model of K.
        shared: the points that they have in common.

    Returns:
        The tensors that differ in their first size alone, K_source there and K here; and how
        many landmarks kept the rows of `wanted`.
    """
    target, source = shared.weights.shape
    weights = torch.from_numpy(shared.weights).float()
    known = torch.from_numpy(shared.known)
    rows = {}
    for name, tensor in given.items():
        own = wanted.get(name)
        if own is None or tensor.shape == own.shape or tensor.shape[1:] != own.shape[1:]:
            continue
        if (len(tensor), len(own)) != (source, target):
            continue
        moved = torch.tensordot(weights, tensor.float().cpu(), dims=1).to(own)
        rows[name] = torch.where(known.view(-1, *[1] * (own.ndim - 1)).to(own.device), moved, own)
    return rows, int((~known).sum())


def _shared(source: PointSchema, target: PointSchema) -> SharedPoints:
    """`shared_points`, or a map that knows none: new points may all start from nothing."""
    try:
        return shared_points(source, target)
    except UserError:
        return SharedPoints(np.zeros((target.num_points, source.num_points)))


def _schema_of(metainfo: Mapping[str, Any] | None) -> PointSchema | None:
    """The point set of a dataset's meta information, None if it is not known."""
    name = (metainfo or {}).get('dataset_name')
    try:
        return schema_of_dataset(name) if name else None
    except UserError:
        return None
