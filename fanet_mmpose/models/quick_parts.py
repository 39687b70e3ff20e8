"""Parts of a network in another order or form, for training on a CPU: results equal to rounding.

Memory is what a CPU waits for: these read and write less of it. State dicts keep their keys.
"""

from __future__ import annotations

import torch
from mmcv.cnn import ConvModule
from mmpose.models.backbones.resnet import ResNet
from torch import Tensor, nn

from .local_coordinate_head import LocalCoordinateHead
from .narrow_batch_norm import quicken_norms


class ProductConv2d(nn.Conv2d):
    """A 1×1 convolution with a bias, trained as a product of matrices.

    From a channels-last map to a map whose channels follow each other, as what reads score maps
    wants them: a convolution would give a channels-last map that is copied several times.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, h, w] -> [B, K, h, w]."""
        if not (self.training and x.is_contiguous(memory_format=torch.channels_last)):
            return super().forward(x)
        weight = self.weight.flatten(1).expand(len(x), -1, -1)
        scores = torch.baddbmm(self.bias[:, None], weight, x.flatten(2))
        return scores.unflatten(2, x.shape[2:])


def quicken_score(head: LocalCoordinateHead) -> None:
    """Train the head's score map as a product of matrices."""
    conv = head.score
    if type(conv) is nn.Conv2d and (conv.kernel_size, conv.stride) == ((1, 1), (1, 1)):
        conv.__class__ = ProductConv2d


def pool_before_relu(backbone: ResNet) -> None:
    """Let the last ReLU of a deep stem follow the pooling: a quarter of the numbers.

    The largest of several is the same before and after a ReLU, and so is whose it is.
    """
    stem, pool = getattr(backbone, 'stem', None), getattr(backbone, 'maxpool', None)
    if not isinstance(stem, nn.Sequential) or type(pool) is not nn.MaxPool2d:
        return
    last = stem[-1]
    if isinstance(last, ConvModule) and isinstance(getattr(last, 'activate', None), nn.ReLU):
        backbone.maxpool = nn.Sequential(pool, last.activate)
        last.activate = nn.Identity()


def quicken(model: nn.Module) -> None:
    """Change the parts of `model` that are known here, in place."""
    quicken_norms(model)
    for module in [*model.modules()]:
        if isinstance(module, LocalCoordinateHead):
            quicken_score(module)
        elif isinstance(module, ResNet):
            pool_before_relu(module)
