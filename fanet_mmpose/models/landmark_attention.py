"""LandmarkAttention: a close look round each landmark found so far.

Windowed attention in the spirit of deformable attention (Zhu et al., arXiv 2010.04159): a few
samples per landmark instead of the whole map, so the cost is linear in the number of landmarks.
Each landmark has a query for each place of its window, and what they match is set side by side,
neither normalised nor summed: which sample saw the edge says where it is.
The relation layer is a transformer encoder (Vaswani et al., arXiv 1706.03762) whose tokens are
the landmarks, as in SLPT (Xia et al., CVPR 2022).
"""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from .constants import constant
from .earlier_keys import accept_earlier_keys
from .score_map import sample_windows, window_steps


@MODELS.register_module()
class LandmarkAttention(BaseModule):
    """One descriptor per landmark from the window round it, informed by the other landmarks.

    Args:
        in_channels (int): Channels C of the landmark map.
        num_keypoints (int): Landmarks K.
        evidence_dims (int): Values E that the score map adds for each landmark.
        embed_dims (int): Width D of a descriptor. Defaults to 64.
        sample_dims (int): Width of a sample. Defaults to 16.
        radius (int): The window has (2·radius+1)² samples. Defaults to 1.
        spacing (float): Cells between neighbouring samples. Defaults to 1.0.
        num_heads (int): Attention heads of the relation layers. Defaults to 4.
        num_relations (int): Relation layers; 0 for none. Defaults to 1.
        init_cfg (dict | list[dict] | None): MMEngine's initialisation, in place of PyTorch's.
            Defaults to None.
    """

    def __init__(
        self,
        in_channels: int,
        num_keypoints: int,
        evidence_dims: int,
        embed_dims: int = 64,
        sample_dims: int = 16,
        radius: int = 1,
        spacing: float = 1.0,
        num_heads: int = 4,
        num_relations: int = 1,
        init_cfg: dict | list[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.embed_dims, self.radius, self.spacing = embed_dims, radius, spacing
        samples = (2 * radius + 1) ** 2
        self.project = nn.Conv2d(in_channels, sample_dims, 1)
        # What a landmark looks for, and where; at first all look for the same.
        self.query = nn.Parameter(torch.ones(num_keypoints, samples, sample_dims))
        self.output_proj = nn.Linear(samples * sample_dims, embed_dims)
        self.evidence_embed = nn.Sequential(
            nn.Linear(evidence_dims, embed_dims), nn.ReLU(), nn.Linear(embed_dims, embed_dims)
        )
        self.landmark_embed = nn.Parameter(torch.randn(num_keypoints, embed_dims) * 0.02)
        self.position = nn.Linear(2, embed_dims)
        self.encoder_layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                embed_dims, num_heads, 2 * embed_dims, 0.0, batch_first=True, norm_first=True
            )
            for _ in range(num_relations)
        )
        self.norm = nn.LayerNorm(embed_dims)
        accept_earlier_keys(self, 'attention.')

    def attend(self, feature_map: Tensor, centers: Tensor) -> Tensor:
        """Attend within each landmark's window: [B, C, h, w], [-1, 1] [B, K, 2] -> [B, K, D]."""
        steps = constant(window_steps, self.radius, like=centers) * self.spacing
        # Sampling is linear, so projecting the map first is the same with fewer channels to sample.
        projected = nn.functional.conv2d(feature_map, self.project.weight)
        windows = sample_windows(projected, centers, steps).permute(0, 2, 3, 1)  # [B, K, S, d]
        return self.output_proj(((windows + self.project.bias) * self.query).flatten(2))

    def forward(self, feature_map: Tensor, centers: Tensor, evidence: Tensor) -> Tensor:
        """Describe each landmark.

        Args:
            feature_map: [B, C, h, w], of any stride.
            centers: Landmarks found so far [B, K, 2], in [-1, 1].
            evidence: Of the score map for the cells round them [B, K, E], near [-2, 1].

        Returns:
            Descriptors [B, K, D].
        """
        centers, evidence = centers.to(feature_map), evidence.to(feature_map)
        x = self.attend(feature_map, centers) + self.evidence_embed(evidence)
        x = x + self.landmark_embed + self.position(centers)
        for layer in self.encoder_layers:
            x = layer(x)
        return self.norm(x)


@MODELS.register_module()
class NoAttention(BaseModule):
    """In `LandmarkAttention`'s place: what the score map says of a landmark, and no look at it.

    Args:
        in_channels (int): As there.
        num_keypoints (int): As there.
        evidence_dims (int): As there.
        embed_dims (int): As there. Defaults to 64.
        init_cfg (dict | list[dict] | None): As there. Defaults to None.
    """

    def __init__(
        self,
        in_channels: int,
        num_keypoints: int,
        evidence_dims: int,
        embed_dims: int = 64,
        init_cfg: dict | list[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.embed_dims = embed_dims
        self.evidence_embed = nn.Linear(evidence_dims, embed_dims)
        self.landmark_embed = nn.Parameter(torch.randn(num_keypoints, embed_dims) * 0.02)
        accept_earlier_keys(self, 'attention.')

    def forward(self, feature_map: Tensor, centers: Tensor, evidence: Tensor) -> Tensor:
        """As `LandmarkAttention.forward`."""
        return torch.relu(self.evidence_embed(evidence.to(feature_map)) + self.landmark_embed)
