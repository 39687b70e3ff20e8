"""One checkpoint's linear probes on the faces that its config names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpose.models import build_pose_estimator
from mmpose.models.pose_estimators import TopdownPoseEstimator

from fanet_mmpose.engine.checkpoint import check_shapes, load_checkpoint
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from projects.discovery.face_points import split_faces, take_faces, to_face_set
from projects.discovery.failure_modes import failures
from projects.discovery.linear_probe import FaceSet, best_ridge, score

RIDGES = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
UNTRAINED, TEMPLATE = 'untrained', 'template'
SPLITS = ('fit', 'val', 'test')


@dataclass(frozen=True)
class Request:
    """What to measure.

    Attributes:
        config: has `linear_probe`: by name, `schema` and `faces`, one file split by photograph, or
            `fit`, `val` and `test`, a file each.
        checkpoint: a file; ``'untrained'`` for random weights; ``'template'`` for points that do
            not look at the picture.
        faces: name within `linear_probe`; None for the first.
        part: ``'val'`` or ``'test'``.
        nums: faces to fit on; all is always added.
        draws: draws of these faces.
        seed: of an untrained network.
    """

    config: Path
    checkpoint: str
    faces: str | None = None
    part: str = 'val'
    nums: Sequence[int] = (1, 10, 100, 1000)
    draws: int = 3
    seed: int = 0


def load_model(cfg: Config, checkpoint: str, seed: int = 0) -> TopdownPoseEstimator:
    """The config's model with a checkpoint's weights, or with random ones.

    Raises:
        UserError: the checkpoint is missing or of another network.
    """
    torch.manual_seed(seed)
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(cfg.model).eval()
    if checkpoint not in (UNTRAINED, TEMPLATE):
        content = load_checkpoint(checkpoint)
        check_shapes(content, model, checkpoint)
        model.load_state_dict(content.get('state_dict', content), strict=False)
    return model


def load_faces(model: TopdownPoseEstimator, spec: Mapping[str, Any]) -> dict[str, FaceSet]:
    """`fit`, `val` and `test` of one entry of `linear_probe`."""
    schema = get_schema(spec['schema'])
    group = spec.get('group')
    if 'faces' in spec:
        faces = take_faces(model, spec['faces'], schema)
        keys = split_faces(faces, spec.get('photograph'))
        return {name: to_face_set(faces, keys[name], group) for name in SPLITS}
    sets = {name: take_faces(model, spec[name], schema) for name in SPLITS}
    return {name: to_face_set(faces, list(faces), group) for name, faces in sets.items()}


def measure(request: Request) -> dict[str, Any]:
    """All linear probes of one checkpoint, in plain values.

    Raises:
        UserError: the config has no such `linear_probe`.
    """
    cfg = load_config(request.config)
    known = cfg.get('linear_probe') or {}
    name = request.faces or next(iter(known), None)
    if name not in known:
        raise UserError(
            f'{request.config}: it has no linear_probe {name!r} but {", ".join(known) or "none"}'
        )
    model = load_model(cfg, request.checkpoint, request.seed)
    with DefaultScope.overwrite_default_scope('mmpose'):
        sets = load_faces(model, known[name])
    if request.checkpoint == TEMPLATE:
        points = model.template.numpy() / 2 + 0.5
        sets = {k: replace(s, discovered=np.tile(points, (len(s), 1, 1))) for k, s in sets.items()}
    fit, held_out = sets['fit'], sets[request.part]
    rows = []
    for num in [*(n for n in request.nums if n < len(fit)), None]:
        seeds = range(request.draws if num else 1)
        ridge = best_ridge(fit, sets['val'], num, seeds, RIDGES)
        scores = [score(fit, held_out, num, seed, ridge) for seed in seeds]
        rows += [dict(ridge=ridge, **one.to_dict()) for one in scores]
    return dict(
        config=str(request.config),
        checkpoint=str(request.checkpoint),
        faces=name,
        schema=known[name]['schema'],
        part=request.part,
        faces_fit=len(fit),
        faces_held_out=len(held_out),
        num_points=int(fit.discovered.shape[1]),
        ridge_chosen_on='val',
        failures=failures(held_out),
        scores=rows,
    )


def summarize(result: Mapping[str, Any]) -> dict[int, dict[str, float]]:
    """Mean over the draws of each number of faces: faces -> name -> % of the eye distance."""
    names = ('forward_mean', 'forward_median', 'backward_mean', 'backward_median')
    summary = {}
    for num in dict.fromkeys(row['faces'] for row in result['scores']):
        rows = [row for row in result['scores'] if row['faces'] == num]
        summary[num] = {name: float(np.mean([row[name] for row in rows])) for name in names}
    return summary
