"""How a number was made: without this line two NMEs cannot be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError

UNKNOWN = 'not stated'
STOCK_BOX = "annotation's centre and scale"
POINTS_BOX = 'ground-truth points (tight box, longer side)'
SAME_BOX = 0.02  # of the longer side: annotations round their boxes


@dataclass(frozen=True)
class Protocol:
    """The five facts that move an NME without any change of the network.

    Attributes:
        box_source: what the face box was made from.
        padding: longer side of the network's crop over that of the box.
        input_size: width and height of the network's input in px.
        flip_test: whether predictions on the mirrored face were averaged in.
        checkpoint_rule: how the checkpoint was chosen, and on which data.
    """

    box_source: str = UNKNOWN
    padding: float | None = None
    input_size: tuple[int, int] | None = None
    flip_test: bool | None = None
    checkpoint_rule: str = UNKNOWN

    def facts(self) -> dict[str, str]:
        """The five in words."""
        size = self.input_size
        return {
            'box': self.box_source,
            'padding': UNKNOWN if self.padding is None else f'{self.padding:.3g}x',
            'input': UNKNOWN if size is None else f'{size[0]}x{size[1]}',
            'flip test': {None: UNKNOWN, True: 'yes', False: 'no'}[self.flip_test],
            'checkpoint': self.checkpoint_rule,
        }

    def line(self) -> str:
        """One line for logs, tables and pages."""
        return '; '.join(f'{name}: {fact}' for name, fact in self.facts().items())

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Protocol:
        """From JSON or a config; facts that are left out or null are "not stated".

        Raises:
            UserError: an unknown entry or one of the wrong kind.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise UserError(
                f'protocol: unknown entry {unknown[0]!r}; known: {", ".join(sorted(known))}'
            )
        stated = {key: value for key, value in values.items() if value is not None}
        for key, value in stated.items():
            if not _IS_RIGHT[key](value):
                raise UserError(f'protocol: {key} is {value!r}; it must be {_MUST_BE[key]}')
        if 'input_size' in stated:
            stated['input_size'] = tuple(stated['input_size'])
        return cls(**stated)


def _is_size(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(isinstance(length, int) for length in value)
    )


_IS_RIGHT: dict[str, Callable[[Any], bool]] = {
    'box_source': lambda value: isinstance(value, str),
    'padding': lambda value: isinstance(value, (int, float)),
    'input_size': _is_size,
    'flip_test': lambda value: isinstance(value, bool),
    'checkpoint_rule': lambda value: isinstance(value, str),
}
_MUST_BE = {
    'box_source': 'a text',
    'padding': 'a number',
    'input_size': '[width, height] in whole px',
    'flip_test': 'true or false',
    'checkpoint_rule': 'a text',
}


def protocol_of_config(config: Mapping[str, Any], stage: str = 'test') -> dict[str, Any]:
    """What an MMPose config states about the protocol, as far as it does.

    Args:
        config: a resolved config.
        stage: ``'val'`` or ``'test'``: whose data pipeline counts.

    Returns:
        Some of the fields of `Protocol`; padding and input size are measured on the data.
    """
    loader = config.get(f'{stage}_dataloader') or config.get('test_dataloader') or {}
    pipeline = (loader.get('dataset') or {}).get('pipeline') or []
    test_cfg = (config.get('model') or {}).get('test_cfg') or {}
    return {
        'box_source': _box_source(pipeline),
        'flip_test': bool(test_cfg.get('flip_test', False)),
        'checkpoint_rule': _checkpoint_rule(config, stage),
    }


def is_points_box(boxes: np.ndarray, tight: np.ndarray) -> bool:
    """Whether nearly all `boxes` are squares around the truth's tight boxes, both [N, 4] xywh.

    MMPose's face datasets show neither: what the annotation calls a box may be made of the very
    points that are asked for.
    """
    side = tight[:, 2:].max(axis=1)
    centers_differ = np.abs(boxes[:, :2] + boxes[:, 2:] / 2 - tight[:, :2] - tight[:, 2:] / 2)
    sides_differ = np.abs(boxes[:, 2:].max(axis=1) - side)
    same = (centers_differ.max(axis=1) < SAME_BOX * side) & (sides_differ < SAME_BOX * side)
    return bool(np.mean(same) > 0.95)


def _box_source(pipeline: list[Mapping[str, Any]]) -> str:
    source = STOCK_BOX
    for step in pipeline:
        if step.get('type') == 'FaceBox':
            source = step.get('source', 'points')
        elif step.get('type') == 'BoxJitter':
            source += f', jittered (shift {step.get("shift", 0)}, scale {step.get("scale", 1)})'
    return source


def _checkpoint_rule(config: Mapping[str, Any], stage: str) -> str:
    if stage == 'val':
        return 'the epoch being validated'
    loaded = str(config.get('load_from') or '').rsplit('/', 1)[-1]
    if not loaded:
        return UNKNOWN
    return f'best on validation data ({loaded})' if loaded.startswith('best_') else loaded
