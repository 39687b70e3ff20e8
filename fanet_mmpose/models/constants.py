"""Small constant tensors, built once for each size and device.

Copied to a GPU at every pass they would make it wait, and a CUDA graph cannot be captured round a
copy from ordinary memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor, nn

# Before PyTorch 2.2 nobody can ask: a compiled part takes the ways of one that is not.
is_compiling: Callable[[], bool] = getattr(torch.compiler, 'is_dynamo_compiling', bool)


def constant(
    build: Callable[..., Tensor], *sizes: int, like: Tensor, dtype: torch.dtype | None = None
) -> Tensor:
    """`build(*sizes, device)` in the dtype of `like`, or in `dtype`, on its device; read only."""
    wanted = tuple(int(size) for size in sizes), like.device, dtype or like.dtype
    if is_compiling():
        return _build(build, *wanted)  # a compiler joins these few numbers with what they meet
    # Exporters trace with tensors of a type of their own, without values: they must not be kept.
    make = _make_once if type(like) in (Tensor, nn.Parameter) else _make
    return make(build, *wanted)


def _build(
    build: Callable[..., Tensor], sizes: tuple[int, ...], device: torch.device, dtype: torch.dtype
) -> Tensor:
    return build(*sizes, device).to(dtype)


def _make(build: Callable[..., Tensor], *wanted: object) -> Tensor:
    with torch.inference_mode(False):  # else training could not use what a test built
        return _build(build, *wanted)


_make_once = lru_cache(maxsize=256)(_make)


def map_size(width: int, height: int, device: torch.device | None = None) -> Tensor:
    """A map's size [2] as (w, h)."""
    # Filled there: a list of numbers would be copied there, for which no CUDA graph waits.
    return torch.stack([torch.full((), side, device=device) for side in (width, height)])
