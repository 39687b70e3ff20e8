"""SPPNeck: from a backbone's C3, C4, C5 to one landmark map.

Spatial pyramid pooling: He et al., arXiv 1406.4729, and Zhao et al. (PSPNet), arXiv 1612.01105.
The gates are squeeze-and-excitation, Hu et al., arXiv 1709.01507, one for each pooled scale.
Top-down path: Lin et al. (FPN), arXiv 1612.03144, with additions only.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmcv.cnn import ConvModule, DepthwiseSeparableConvModule
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from fanet_mmpose.errors import UserError

from .constants import constant
from .earlier_keys import accept_earlier_keys

NORM = dict(type='BN')
ACTIVATION = dict(type='ReLU')


def pooling_matrix(
    height: int, width: int, bins: int, device: torch.device | None = None
) -> Tensor:
    """Averages of adaptive pooling to `bins`×`bins`, as a matrix [height·width, bins²].

    Along an axis bin `i` covers the cells floor(i·n/bins) … ceil((i+1)·n/bins)-1, as in
    `torch.nn.functional.adaptive_avg_pool2d`, which ONNX cannot express for every size.
    """
    rows, columns = (_line_averages(cells, bins, device) for cells in (height, width))
    return torch.kron(rows, columns).T


def _line_averages(cells: int, bins: int, device: torch.device | None) -> Tensor:
    bin_, cell = torch.arange(bins, device=device)[:, None], torch.arange(cells, device=device)
    first, end = bin_ * cells // bins, -(-(bin_ + 1) * cells // bins)
    return ((first <= cell) & (cell < end)) / (end - first)  # [bins, cells]


def upsample_matrix(
    height: int, width: int, bins: int, device: torch.device | None = None
) -> Tensor:
    """Bilinear interpolation of `bins`×`bins` to the map's size, as a matrix [bins², height·width].

    As `torch.nn.functional.interpolate(align_corners=False)` does it.
    """
    # Bin i alone in channel i.
    one_each = torch.eye(bins * bins, device=device).unflatten(1, (bins, bins))[None]
    size = (height, width)
    return F.interpolate(one_each, size, mode='bilinear', align_corners=False)[0].flatten(1)


class SqueezeExcite(nn.Sequential):
    """Squeeze and excitation: GAP → FC → ReLU → FC → sigmoid, [B, C, h, w] as given."""

    def __init__(self, channels: int, reduction: int) -> None:
        hidden = max(channels // reduction, 4)
        super().__init__(
            nn.Linear(channels, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, channels),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x * super().forward(x.mean((2, 3)))[..., None, None]


class GatedPooling(BaseModule):
    """One scale of the pyramid: pool to `bins`×`bins`, project, gate the channels, bring back.

    [B, in_channels, h, w] -> [B, out_channels, h, w].
    """

    def __init__(
        self, in_channels: int, out_channels: int, bins: int, reduction: int, act_cfg: dict
    ) -> None:
        super().__init__()
        self.bins = bins
        # No norm: one bin of a batch of one has no statistics.
        self.project = ConvModule(in_channels, out_channels, 1, act_cfg=act_cfg)
        self.gate = SqueezeExcite(out_channels, reduction) if reduction else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        size = x.shape[-2:]
        pooled = x.flatten(2) @ constant(pooling_matrix, *size, self.bins, like=x)  # [B, in, bins²]
        gated = self.gate(self.project(pooled[..., None])).squeeze(-1)
        spread = gated @ constant(upsample_matrix, *size, self.bins, like=x)
        return spread.unflatten(2, size)


class SpatialPyramidPooling(BaseModule):
    """The coarsest map and its gated poolings, fused: [B, C5, h, w] -> [B, out_channels, h, w]."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        bins: Sequence[int],
        reduction: int,
        norm_cfg: dict,
        act_cfg: dict,
    ) -> None:
        super().__init__()
        branch = max(out_channels // 2, 8)
        self.proj = ConvModule(in_channels, out_channels, 1, norm_cfg=norm_cfg, act_cfg=act_cfg)
        self.branches = nn.ModuleList(
            GatedPooling(in_channels, branch, b, reduction, act_cfg) for b in bins
        )
        width = out_channels + branch * len(bins)
        self.fuse = ConvModule(width, out_channels, 1, norm_cfg=norm_cfg, act_cfg=act_cfg)
        accept_earlier_keys(self, 'pyramid.')

    def forward(self, x: Tensor) -> Tensor:
        return self.fuse(torch.cat([self.proj(x), *(branch(x) for branch in self.branches)], 1))


class TopDownBlock(BaseModule):
    """A step down the pyramid: twice the coarse map's size, plus the finer map, then a 3×3 conv."""

    def __init__(
        self, fine_channels: int, channels: int, depthwise: bool, norm_cfg: dict, act_cfg: dict
    ) -> None:
        super().__init__()
        self.lateral = (
            ConvModule(fine_channels, channels, 1, norm_cfg=norm_cfg, act_cfg=None)
            if fine_channels
            else None
        )
        conv = DepthwiseSeparableConvModule if depthwise else ConvModule
        self.smooth = conv(channels, channels, 3, padding=1, norm_cfg=norm_cfg, act_cfg=act_cfg)

    def forward(self, coarse: Tensor, fine: Tensor | None) -> Tensor:
        if fine is None:
            x = F.interpolate(coarse, scale_factor=2, mode='bilinear', align_corners=False)
        else:
            x = F.interpolate(coarse, size=fine.shape[-2:], mode='bilinear', align_corners=False)
            x = x + self.lateral(fine)
        return self.smooth(x)


@MODELS.register_module()
class SPPNeck(BaseModule):
    """Pool the coarsest map at several scales, gate each, and come down to the landmark map.

    Args:
        in_channels (Sequence[int]): Channels of the backbone's maps, finest first; each map has
            twice the stride of the one before it. Usually C3, C4, C5; a C2 in front is used too.
        out_channels (int): Channels C of the landmark map. Defaults to 64.
        in_stride (int): Stride of the finest input map (8 for C3, 4 for C2). Defaults to 8.
        out_stride (int): Stride of the landmark map: 4, 8 or 16. Defaults to 4.
        bins (Sequence[int]): Sides of the poolings on the coarsest map; empty for none. Defaults to
            (1, 2, 3, 6).
        reduction (int): Channels over hidden units in the gates' two FC layers; 0 for no gates.
            Defaults to 4.
        depthwise (bool): Depthwise-separable 3×3 convs on the way down, for small models. Defaults
            to False.
        norm_cfg (dict): Norm layers. Defaults to `NORM`.
        act_cfg (dict): Activations. Defaults to `ACTIVATION`.
        init_cfg (dict | list[dict] | None): MMEngine's initialisation, in place of PyTorch's.
            Defaults to None.

    Raises:
        UserError: `out_stride` cannot be reached, or the backbone's maps do not fit.
    """

    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: int = 64,
        in_stride: int = 8,
        out_stride: int = 4,
        bins: Sequence[int] = (1, 2, 3, 6),
        reduction: int = 4,
        depthwise: bool = False,
        norm_cfg: dict = NORM,
        act_cfg: dict = ACTIVATION,
        init_cfg: dict | list[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.in_channels = tuple(in_channels)
        coarsest = in_stride << (len(in_channels) - 1)
        strides = [coarsest]
        while strides[-1] > out_stride:
            strides.append(strides[-1] // 2)
        if strides[-1] != out_stride:
            raise UserError(
                f'SPPNeck: out_stride={out_stride} cannot be reached from a coarsest map of '
                f'stride {coarsest} by halving; choose 4, 8 or 16'
            )
        laterals = {in_stride << level: channels for level, channels in enumerate(in_channels)}
        self.pyramid = SpatialPyramidPooling(
            in_channels[-1], out_channels, bins, reduction, norm_cfg, act_cfg
        )
        self.top_down = nn.ModuleList(
            TopDownBlock(laterals.get(stride, 0), out_channels, depthwise, norm_cfg, act_cfg)
            for stride in strides[1:]
        )
        accept_earlier_keys(self, 'neck.')

    def check(self, feats: Sequence[Tensor]) -> None:
        """Raise `UserError` unless the maps have the configured channels."""
        given = tuple(feat.shape[1] for feat in feats)
        if given != self.in_channels:
            raise UserError(
                f'SPPNeck: the backbone gives maps of {given} channels, the config says '
                f'in_channels={self.in_channels}; set neck.in_channels or backbone.out_indices'
            )

    def forward(self, feats: Sequence[Tensor]) -> tuple[Tensor]:
        """Maps [B, Ci, Hi, Wi], finest first -> (landmark map [B, C, H/stride, W/stride],)."""
        self.check(feats)
        x = self.pyramid(feats[-1])
        finer = list(feats[-2::-1])
        for block in self.top_down:
            x = block(x, finer.pop(0) if finer else None)
        return (x,)
