"""Parts of a trained FANet as fewer, larger operators, for a runtime on a CPU.

A crop's maps are so small that a runtime spends more on starting an operator than on its numbers.
So what is linear is gathered: the branches of the pyramid become one block of them, the terms of
an attention's descriptor one product. What is computed is the same but for rounding.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fanet_mmpose.deploy.network import CropToLandmarks
from fanet_mmpose.models.constants import constant
from fanet_mmpose.models.landmark_attention import LandmarkAttention
from fanet_mmpose.models.score_map import sample_windows, window_steps
from fanet_mmpose.models.spp_neck import (
    GatedPooling,
    SpatialPyramidPooling,
    SqueezeExcite,
    pooling_matrix,
    upsample_matrix,
)

NEVER = -6e4  # no activation outweighs it, and half precision holds it


def lean(network: CropToLandmarks) -> CropToLandmarks:
    """A copy that finds the same with fewer operators; parts that it does not know stay."""
    copied = copy.deepcopy(network)
    pyramid, attention = copied.neck.pyramid, copied.head.attention
    if isinstance(pyramid, SpatialPyramidPooling) and _can_gather(pyramid):
        copied.neck.pyramid = LeanPyramid(pyramid)
    if isinstance(attention, LandmarkAttention):
        copied.head.attention = LeanAttention(attention)
    _merge_averages(copied.backbone)
    return copied.eval()


def _merge_averages(module: nn.Module) -> None:
    """Averages of 2×2 cells before a 1×1 convolution (ResNet-D's shortcuts) become part of it."""
    for child in module.modules():
        if type(child) is nn.Sequential and len(child) > 1 and _is_average(child[0], child[1]):
            conv = child[1]
            child[0] = nn.Identity()
            conv.weight.data = conv.weight.data.expand(-1, -1, 2, 2) / 4
            conv.kernel_size = conv.stride = (2, 2)


def _is_average(first: nn.Module, second: nn.Module) -> bool:
    return (
        isinstance(first, nn.AvgPool2d)
        and (first.kernel_size, first.stride, first.padding) == (2, 2, 0)
        and isinstance(second, nn.Conv2d)
        and (second.kernel_size, second.stride, second.padding) == ((1, 1), (1, 1), (0, 0))
    )


def _can_gather(pyramid: SpatialPyramidPooling) -> bool:
    return bool(pyramid.branches) and all(_is_plain(branch) for branch in pyramid.branches)


def _is_plain(branch: nn.Module) -> bool:
    """Whether a branch is projection, ReLU and gate, as the recipes have it."""
    return (
        isinstance(branch, GatedPooling)
        and isinstance(branch.gate, SqueezeExcite)
        and isinstance(branch.project.activate, nn.ReLU)
        and not branch.project.with_norm
    )


class LeanPyramid(nn.Module):
    """`SpatialPyramidPooling` with all branches in one: [B, C5, h, w] -> [B, C, h, w].

    Averages and projections are linear, so the map is projected for all branches first and pooled
    for all bins then. A branch has no say in the bins of another: the bias there is `NEVER`, and
    the ReLU makes it 0.
    """

    def __init__(self, pyramid: SpatialPyramidPooling) -> None:
        super().__init__()
        branches = list(pyramid.branches)
        self.proj, self.fuse = pyramid.proj, pyramid.fuse
        self.bins = [branch.bins for branch in branches]
        counts = [bins**2 for bins in self.bins]
        convs = [branch.project.conv for branch in branches]
        self.register_buffer('weight', torch.cat([conv.weight for conv in convs]))
        biases = [
            conv.bias[:, None].expand(-1, count) for conv, count in zip(convs, counts, strict=True)
        ]
        self.register_buffer('bias', _blocks(biases, NEVER))
        first, second = ([branch.gate[index] for branch in branches] for index in (0, 2))
        # The mean of a branch's bins is their sum by its own count.
        squeeze = [layer.weight / count for layer, count in zip(first, counts, strict=True)]
        self.register_buffer('squeeze', _blocks(squeeze))
        self.register_buffer('squeeze_bias', torch.cat([layer.bias for layer in first]))
        self.register_buffer('excite', _blocks([layer.weight for layer in second]))
        self.register_buffer('excite_bias', torch.cat([layer.bias for layer in second]))

    def forward(self, x: Tensor) -> Tensor:
        size = x.shape[-2:]
        pool = [constant(pooling_matrix, *size, bins, like=x) for bins in self.bins]
        spread = [constant(upsample_matrix, *size, bins, like=x) for bins in self.bins]
        projected = F.conv2d(x, self.weight).flatten(2)
        pooled = torch.relu(projected @ torch.cat(pool, 1) + self.bias)  # [B, branches, all bins]
        hidden = torch.relu(F.linear(pooled.sum(-1), self.squeeze, self.squeeze_bias))
        gate = torch.sigmoid(F.linear(hidden, self.excite, self.excite_bias))
        branches = (pooled * gate[..., None]) @ torch.cat(spread)
        return self.fuse(torch.cat([self.proj(x), branches.unflatten(2, size)], 1))


def _blocks(parts: list[Tensor], elsewhere: float = 0.0) -> Tensor:
    """Matrices along a diagonal, with another value elsewhere."""
    inside = torch.block_diag(*(torch.ones_like(part) for part in parts)).bool()
    return torch.where(inside, torch.block_diag(*parts), elsewhere)


class LeanAttention(nn.Module):
    """`LandmarkAttention` whose terms are one product; arguments as of its `forward`."""

    def __init__(self, attention: LandmarkAttention) -> None:
        super().__init__()
        self.radius, self.spacing = attention.radius, attention.spacing
        embed, output = attention.evidence_embed, attention.output_proj
        self.embed, self.norm = embed[0], attention.norm
        self.register_buffer('project', attention.project.weight)
        self.register_buffer('query', attention.query)
        terms = (output, embed[2], attention.position)
        self.register_buffer('weight', torch.cat([term.weight.T for term in terms]))
        # What does not depend on the picture: [K, D].
        fixed = output((attention.project.bias * attention.query).flatten(1))
        fixed = fixed + embed[2].bias + attention.position.bias + attention.landmark_embed
        self.register_buffer('bias', fixed)
        self.relations = nn.Sequential(*(LeanRelation(one) for one in attention.encoder_layers))

    def forward(self, feature_map: Tensor, centers: Tensor, evidence: Tensor) -> Tensor:
        steps = constant(window_steps, self.radius, like=centers) * self.spacing
        projected = F.conv2d(feature_map, self.project)
        windows = sample_windows(projected, centers, steps).permute(0, 2, 3, 1) * self.query
        terms = [windows.flatten(2), torch.relu(self.embed(evidence)), centers]
        return self.norm(self.relations(torch.cat(terms, -1) @ self.weight + self.bias))


class LeanRelation(nn.Module):
    """A `TransformerEncoderLayer` that normalises first: [B, K, D] -> [B, K, D]."""

    def __init__(self, layer: nn.TransformerEncoderLayer) -> None:
        super().__init__()
        attention = layer.self_attn
        self.heads = attention.num_heads
        scale = torch.ones(3, attention.embed_dim)
        scale[0] = 1 / math.sqrt(attention.head_dim)  # of the queries
        self.register_buffer('weight', attention.in_proj_weight.T * scale.flatten())
        self.register_buffer('bias', attention.in_proj_bias * scale.flatten())
        self.output, self.norm1, self.norm2 = attention.out_proj, layer.norm1, layer.norm2
        self.linear1, self.linear2 = layer.linear1, layer.linear2

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.output(self._attend(self.norm1(x)))
        return x + self.linear2(torch.relu(self.linear1(self.norm2(x))))

    def _attend(self, x: Tensor) -> Tensor:
        heads = (x @ self.weight + self.bias).unflatten(2, (3 * self.heads, -1)).transpose(1, 2)
        query, key, value = heads.chunk(3, 1)  # each [B, heads, K, d]
        found = (query @ key.transpose(2, 3)).softmax(-1) @ value
        return found.transpose(1, 2).flatten(2)
