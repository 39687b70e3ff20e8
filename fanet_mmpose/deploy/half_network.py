"""A network in half precision on a device, as it is or captured as a CUDA graph."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor, nn

HALVES = {'cuda': torch.float16, 'cpu': torch.bfloat16}  # what each is quick at
Infer = Callable[[Tensor], object]
PRODUCTS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)  # what autocast would halve at every pass


def in_half(network: nn.Module, device: str) -> Infer:
    """A function of uint8 crops [B, 3, H, W] on the device that runs a copy of the network.

    Convolutions and products compute in half precision, channels last; autocast keeps float32
    where sums need it. Normalisation and decoding are those of `network`.
    """
    copy = deepcopy(network).to(device).to(memory_format=torch.channels_last)
    for module in copy.modules():
        if isinstance(module, PRODUCTS):
            module.to(HALVES[device])

    def infer(images: Tensor) -> object:
        # No cache: its casts would be outside of a captured graph.
        cast = torch.autocast(device, HALVES[device], cache_enabled=False)
        with torch.inference_mode(), cast:
            return copy(images)

    return infer


class CapturedGraph:
    """All kernels of a pass over one batch as one CUDA graph, so that launching them is free.

    Args:
        infer: of `in_half`, on a GPU.
        images: uint8 [B, 3, H, W] on the GPU; later batches are copied into it.
    """

    def __init__(self, infer: Infer, images: Tensor) -> None:
        self.images = images.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):  # a capture must not be the first pass
            for _ in range(3):
                infer(self.images)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.found = infer(self.images)

    def __call__(self, images: Tensor) -> object:
        """Run on a batch of the captured shape; what it returns is overwritten by the next call."""
        self.images.copy_(images)
        self.graph.replay()
        return self.found
