"""stack_batch: a batch that crosses from its loader to the trainer in two pieces.

PyTorch moves each tensor between processes by a file descriptor of its own, five for each face
and its labels, and the training process waits for all of them.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence

import torch
from mmengine.dataset import pseudo_collate
from mmengine.registry import FUNCTIONS
from torch import Tensor


class Batch(dict):
    """What MMEngine's collate functions return; pickled, all tensors but the pictures are bytes."""

    def __reduce__(self) -> tuple:
        rest = {name: value for name, value in self.items() if name != 'inputs'}
        return unpack, (self['inputs'], _to_bytes(rest))


def unpack(inputs: Tensor | list[Tensor], rest: bytes) -> Batch:
    """A `Batch` from its two pieces."""
    # Bytes come from this program's own loader, through a pipe.
    return Batch(inputs=inputs, **pickle.loads(rest))


@FUNCTIONS.register_module()
def stack_batch(samples: Sequence[dict], _scope_: str = '') -> Batch:
    """Collate what `PackPoseInputs` made of each face.

    Args:
        samples: of a batch.
        _scope_: not used; MMEngine writes it into configs that inherit another package's, and
            passes it on.

    Returns:
        `inputs`, one tensor [B, 3, H, W], or as they are where sizes differ; `data_samples`.
    """
    batch = Batch(pseudo_collate(samples))
    images = batch['inputs']
    if isinstance(images, list) and len({image.shape for image in images}) == 1:
        batch['inputs'] = torch.stack(images)
    return batch


class _Pickler(pickle.Pickler):
    """Tensors as arrays, which hold their values."""

    def reducer_override(self, value: object) -> object:
        if isinstance(value, Tensor):
            return torch.from_numpy, (value.numpy(),)
        return NotImplemented


def _to_bytes(value: object) -> bytes:
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()
