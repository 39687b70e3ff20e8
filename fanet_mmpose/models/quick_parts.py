"""Parts of a network in another order or form, for training on a CPU: results equal to rounding.

Memory is what a CPU waits for: these read and write less of it. State dicts keep their keys.
"""

from __future__ import annotations

import torch
from mmcv.cnn import ConvModule
from mmpose.models.backbones.resnet import ResNet
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable

from .local_coordinate_head import Landmarks, LocalCoordinateHead, Truth
from .narrow_batch_norm import quicken_norms


class _ScoreProduct(torch.autograd.Function):
    """Channels-last map [B, C, h, w], weight [K, C], bias [K] -> contiguous scores [B, K, h·w].

    PyTorch's own gradient of such a product is a contiguous map, and adding it to the other
    gradients of the channels-last map takes several times as long as the product.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        shared = weight.expand(len(x), -1, -1)
        return torch.baddbmm(bias[:, None], shared, x.flatten(2))

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        cells = x.permute(0, 2, 3, 1).flatten(1, 2)  # [B, h·w, C], the same memory
        shared = weight.expand(len(x), -1, -1)
        map_grad = torch.bmm(grad.transpose(1, 2), shared).unflatten(1, x.shape[2:])
        return map_grad.permute(0, 3, 1, 2), torch.bmm(grad, cells).sum(0), grad.sum((0, 2))


class ProductConv2d(nn.Conv2d):
    """A 1×1 convolution with a bias, trained as a product of matrices.

    From a channels-last map to a map whose channels follow each other, as what reads score maps
    wants them: a convolution would give a channels-last map that is copied several times.
    """

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, h, w] -> [B, K, h, w]."""
        if not (self.training and x.is_contiguous(memory_format=torch.channels_last)):
            return super().forward(x)
        scores = _ScoreProduct.apply(x, self.weight.flatten(1), self.bias)
        return scores.unflatten(2, x.shape[2:])


class QuickHead(LocalCoordinateHead):
    """`LocalCoordinateHead`, trained in float32: half precision pays for convolutions alone.

    PyTorch's attention takes twice its time in bfloat16 on a CPU, and its arg-max four times.
    """

    def forward(self, feats: tuple[Tensor]) -> Landmarks:
        """As `LocalCoordinateHead.forward`."""
        if not self.training:
            return super().forward(feats)
        with torch.autocast('cpu', enabled=False):
            return super().forward((feats[-1].float(),))

    def loss_by_feat(self, found: Landmarks, truth: Truth) -> dict[str, Tensor]:
        """As `LocalCoordinateHead.loss_by_feat`."""
        with torch.autocast('cpu', enabled=False):
            return super().loss_by_feat(found, truth)


def quicken_head(head: LocalCoordinateHead) -> None:
    """Train a head in float32, and its score map as a product of matrices."""
    if type(head) is LocalCoordinateHead:
        head.__class__ = QuickHead
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
            quicken_head(module)
        elif isinstance(module, ResNet):
            pool_before_relu(module)
