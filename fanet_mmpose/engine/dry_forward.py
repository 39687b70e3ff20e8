"""One forward pass on zeros before the first iteration: parts that do not fit are named."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from fanet_mmpose.errors import UserError


def describe(features: Any) -> str:
    """Shapes of what one part hands to the next, without the batch axis."""
    maps = features if isinstance(features, (tuple, list)) else (features,)
    shapes = ['×'.join(map(str, part.shape[1:])) for part in maps if isinstance(part, Tensor)]
    return f'{len(shapes)} map(s) [{", ".join(shapes)}] (channels×height×width)'


def input_size_of(model: nn.Module) -> tuple[int, int]:
    """(width, height) in px that the head's decoder works at; 256×256 if it does not say."""
    decoder = getattr(getattr(model, 'head', None), 'decoder', None)
    width, height = getattr(decoder, 'input_size', None) or (256, 256)
    return int(width), int(height)


@torch.no_grad()
def check_model(model: nn.Module) -> None:
    """Send zeros [1, 3, h, w] through backbone, neck and head; the model's mode is kept.

    Raises `UserError` naming the two parts that do not fit and the shapes between them.
    """
    width, height = input_size_of(model)
    device = next(model.parameters()).device
    features: Any = torch.zeros(1, 3, height, width, device=device)
    before, modes = 'the input', {part: part.training for part in model.modules()}
    model.eval()
    try:
        for name in ('backbone', 'neck', 'head'):
            part = getattr(model, name, None)
            if part is None:
                continue
            given = describe(features)
            try:
                features = part(features)
            except Exception as error:
                reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
                raise UserError(
                    f'model.{name} ({type(part).__name__}) does not take what {before} gives, '
                    f'{given}: set its in_channels to that, or the out_indices before it ({reason})'
                ) from error
            before = f'model.{name} ({type(part).__name__})'
    finally:
        for part, mode in modes.items():
            part.training = mode
