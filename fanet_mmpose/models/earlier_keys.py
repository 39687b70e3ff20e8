"""Checkpoints from before attributes were renamed load as if they had today's names.

`earlier_names` has the table. A module whose attributes were renamed calls `accept_earlier_keys`;
what reads a state dict itself, without a module, calls `rename_keys`.
"""

from __future__ import annotations

import re
from typing import Any

from torch import Tensor, nn

from fanet_mmpose.earlier_names import STATE_DICT_KEYS


def rename_keys(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of a whole network with today's keys; today's keys stay as they are."""
    return {_today(key): value for key, value in state.items()}


def _today(key: str) -> str:
    for place, names in STATE_DICT_KEYS.items():
        for then, now in names.items():
            key = re.sub(rf'(^|\.){re.escape(place + then)}', rf'\g<1>{place}{now}', key)
    return key


def accept_earlier_keys(module: nn.Module, place: str) -> None:
    """Let a module load its earlier keys, too.

    Args:
        module: just built.
        place: key of `STATE_DICT_KEYS`.
    """

    def rename(state: dict[str, Any], prefix: str, *_: Any) -> None:
        for then, now in STATE_DICT_KEYS[place].items():
            for key in [key for key in state if key.startswith(prefix + then)]:
                state[prefix + now + key.removeprefix(prefix + then)] = state.pop(key)

    module._register_load_state_dict_pre_hook(rename)
