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


def check_map_size(head: nn.Module, found: Any) -> None:
    """Compare what a head gives, `Landmarks` or heatmaps [1, K, h, w], with its decoder's map.

    Raises `UserError` where they differ; heads that give neither are left alone.
    """
    decoder, score_map = getattr(head, 'decoder', None), getattr(found, 'score_map', found)
    if not isinstance(score_map, Tensor) or score_map.ndim != 4:
        return
    width, height = score_map.shape[:-3:-1]
    if hasattr(decoder, 'check_map'):
        decoder.check_map(width, height)
        return
    wanted = getattr(decoder, 'heatmap_size', None)
    if wanted is not None and tuple(wanted) != (width, height):
        raise UserError(
            f'model.head ({type(head).__name__}) gives heatmaps of {width}×{height} cells and its '
            f'decoder ({type(decoder).__name__}) expects heatmap_size={tuple(wanted)}: set the '
            'heatmap_size of the codec to that of the head, or change the stride of the head'
        )


@torch.no_grad()
def check_model(model: nn.Module) -> None:
    """Send zeros [1, 3, h, w] through backbone, neck and head; the model's mode is kept.

    Raises `UserError` naming the two parts that do not fit and the shapes between them, or a map of
    another size than the decoder's.
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
        if getattr(model, 'head', None) is not None:
            check_map_size(model.head, features)
    finally:
        for part, mode in modes.items():
            part.training = mode
