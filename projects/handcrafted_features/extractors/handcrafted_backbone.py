"""HandcraftedBackbone: features that nobody trains, in the backbone's place."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, of red, green and blue


@MODELS.register_module()
class HandcraftedBackbone(BaseModule):
    """One dense descriptor map and its averages at twice, four times … the stride.

    It has no parameter: the neck's own 1×1 convolutions are the first to learn. It runs in
    float32 and without gradient.

    Args:
        extractor: `HOG`, `DenseLBP`, `DenseSIFT`, or any registered module with an attribute
            `channels` that makes a map of grey images.
        num_maps: Maps, the descriptor map included.
    """

    def __init__(self, extractor: dict, num_maps: int = 4) -> None:
        super().__init__()
        self.extractor = MODELS.build(extractor)
        self.num_maps = num_maps
        self.register_buffer('luma', torch.tensor(LUMA).view(1, 3, 1, 1), persistent=False)

    @torch.no_grad()
    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """RGB images [B, 3, H, W], normalised or not -> maps [B, channels, …], finest first.

        Descriptors change neither with an image's brightness nor with its contrast, so the mean
        and the deviation that the preprocessor took away need not be given back.
        """
        with torch.autocast(x.device.type, enabled=False):
            grey = (x.float() * self.luma).sum(1, keepdim=True)
            maps = [self.extractor(grey)]
            while len(maps) < self.num_maps:
                maps.append(F.avg_pool2d(maps[-1], 2))
        return tuple(maps)
