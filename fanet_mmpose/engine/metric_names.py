"""Two metrics that would report under one name are said before the first iteration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fanet_mmpose.errors import UserError

# MMPose's `NME` and ours both report "NME", so that the recipes of both read alike.
SAME_NAMES = {'FaceLandmarkMetric': 'NME'}


def check_metric_names(config: Mapping[str, Any], evaluators: Sequence[str]) -> None:
    """Raise `UserError` where two metrics of an evaluator report the same name.

    MMEngine finds out after the first validation and throws its results away.
    """
    for name in evaluators:
        metrics = config.get(name) or []
        seen: dict[tuple, str] = {}
        for metric in metrics if isinstance(metrics, (list, tuple)) else [metrics]:
            kind = metric.get('type') if isinstance(metric, Mapping) else None
            kind = getattr(kind, '__name__', kind)
            if kind is None or kind == 'DumpResults':
                continue
            key = (SAME_NAMES.get(kind, kind), metric.get('prefix') or '')
            if key in seen:
                raise UserError(
                    f'{name}: {seen[key]} and {kind} would both report {key[0]}: give one a name '
                    "of its own, as in dict(type='NME', prefix='mmpose', …)"
                )
            seen[key] = kind
