"""LandmarkAttention: a close look round each landmark found so far.

Windowed attention in the spirit of deformable attention (Zhu et al., arXiv 2010.04159): a few
samples per landmark instead of the whole map, so the cost is linear in the number of landmarks.
The relation layer is a transformer encoder (Vaswani et al., arXiv 1706.03762) whose tokens are
the landmarks, as in SLPT (Xia et al., CVPR 2022).
"""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from .score_map import sample_windows, window_steps


@MODELS.register_module()
class LandmarkAttention(BaseModule):
    """One descriptor per landmark from the window round it, informed by the other landmarks.

    Args:
        in_channels: Channels C of the landmark map.
        num_keypoints: Landmarks K.
        embed_dims: Width D of a descriptor.
        radius: The window has (2·radius+1)² samples.
        spacing: Cells between neighbouring samples.
        num_heads: Attention heads, in the window and in the relation layers.
        num_relations: Relation layers; 0 for none.
    """

    def __init__(
        self,
        in_channels: int,
        num_keypoints: int,
        embed_dims: int = 64,
        radius: int = 2,
        spacing: float = 1.0,
        num_heads: int = 4,
        num_relations: int = 1,
    ) -> None:
        super().__init__()
        self.embed_dims, self.num_heads, self.spacing = embed_dims, num_heads, spacing
        self.radius = radius
        samples = (2 * radius + 1) ** 2
        self.project = nn.Conv2d(in_channels, 2 * embed_dims, 1)
        self.query = nn.Parameter(torch.randn(num_keypoints, embed_dims) * embed_dims**-0.5)
        # What a landmark expects where: without it a window is a bag of features.
        self.place = nn.Parameter(torch.zeros(num_heads, num_keypoints, samples))
        self.merge = nn.Linear(embed_dims, embed_dims)
        self.identity = nn.Parameter(torch.randn(num_keypoints, embed_dims) * 0.02)
        self.position = nn.Linear(2, embed_dims)
        self.relations = nn.ModuleList(
            nn.TransformerEncoderLayer(
                embed_dims, num_heads, 2 * embed_dims, 0.0, batch_first=True, norm_first=True
            )
            for _ in range(num_relations)
        )
        self.norm = nn.LayerNorm(embed_dims)
        nn.init.trunc_normal_(self.place, std=0.02)

    def look(self, feature_map: Tensor, centers: Tensor) -> Tensor:
        """Attend within each landmark's window: [B, C, h, w], cells [B, K, 2] -> [B, K, D]."""
        steps = window_steps(self.radius, centers.device) * self.spacing
        # Sampling and projecting commute; the samples are fewer than the cells of the map.
        windows = self.project(sample_windows(feature_map, centers, steps))
        keys, values = windows.unflatten(1, (2, self.num_heads, -1)).unbind(1)  # [B, N, d, K, S]
        query = self.query.unflatten(1, (self.num_heads, -1))  # [K, N, d]
        logits = torch.einsum('knd,bndks->bnks', query, keys)
        weights = (logits * query.shape[-1] ** -0.5 + self.place).softmax(-1)
        looked = torch.einsum('bnks,bndks->bknd', weights, values)
        return self.merge(looked.flatten(2))

    def forward(self, feature_map: Tensor, centers: Tensor) -> Tensor:
        """Describe each landmark.

        Args:
            feature_map: [B, C, h, w], of any stride.
            centers: Landmarks found so far [B, K, 2], in [-1, 1].

        Returns:
            Descriptors [B, K, D].
        """
        centers = centers.to(feature_map)
        x = self.look(feature_map, centers) + self.identity + self.position(centers)
        for relation in self.relations:
            x = relation(x)
        return self.norm(x)
