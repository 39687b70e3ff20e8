"""LocalCoordinateHead: each landmark as a cell, an offset from it and a local correction.

Cell plus offset: as in PIPNet (Jin et al., arXiv 2003.03771) and heatmap-plus-offset heads
(Papandreou et al., arXiv 1701.01779); here the offset is the mean of a window of the score map,
so that one loss on the coordinate trains all of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from mmengine.structures import InstanceData, PixelData
from mmpose.models.heads.base_head import BaseHead
from mmpose.registry import KEYPOINT_CODECS, MODELS
from torch import Tensor, nn

from .constants import constant, map_size
from .score_map import (
    local_log_probs,
    local_soft_argmax,
    log_probabilities,
    normalize_cells,
    peak_window,
)

SCORE_LOSS = dict(type='ScoreMapLoss')
COORDINATE_LOSS = dict(type='CoordinateLoss')
SCALE_LOSS = dict(type='LaplaceScaleLoss')
LOG_SCALE = 2  # of the refinement's outputs: x, y, log scale, visibility


class Landmarks(NamedTuple):
    """What the head finds; K landmarks on a map of h×w cells."""

    score_map: Tensor  # [B, K, h, w], log-probabilities over cells, float32
    coarse: Tensor  # [B, K, 2], cell plus offset, in cells
    refined: Tensor  # [B, K, 2], after the local refinement, in cells
    log_scale: Tensor  # [B, K], log of the error's Laplace scale, in cells
    visibility: Tensor  # [B, K], logits


class Truth(NamedTuple):
    """What `LocalCoordinateLabel` encoded, of a batch."""

    coordinates: Tensor  # [B, K, 2], cells
    weights: Tensor  # [B, K], 0 where the point is absent
    visibility: Tensor  # [B, K], 1 visible, 0 hidden


def stack_truth(batch_data_samples: Sequence) -> Truth:
    """Collect the codec's labels of one face per sample."""
    labels = [sample.gt_instance_labels for sample in batch_data_samples]

    def stack(name: str) -> Tensor:
        return torch.cat([label[name] for label in labels])

    return Truth(
        stack('keypoint_cells') + stack('keypoint_offsets'),
        stack('keypoint_weights'),
        stack('keypoint_visibility'),
    )


def mirror(landmarks: Landmarks, flip_indices: Sequence[int]) -> Landmarks:
    """Landmarks found in a mirrored image, in the frame of the image itself."""
    width = landmarks.score_map.shape[-1]

    def flip_x(cells: Tensor) -> Tensor:
        return torch.stack([width - 1 - cells[..., 0], cells[..., 1]], -1)[:, flip_indices]

    return Landmarks(
        landmarks.score_map.flip(-1)[:, flip_indices],
        flip_x(landmarks.coarse),
        flip_x(landmarks.refined),
        landmarks.log_scale[:, flip_indices],
        landmarks.visibility[:, flip_indices],
    )


def as_one_tensor(found: Landmarks) -> Tensor:
    """[B, K, 4]: x and y in cells, log scale, visibility logit."""
    more = torch.stack([found.log_scale, found.visibility], -1)
    return torch.cat([found.refined, more], -1)


def cell_chances(score_map: Tensor) -> Tensor:
    """Score maps [B, K, h, w], also means of two -> probabilities that sum to 1 over each map."""
    return score_map.detach().flatten(2).softmax(-1).view_as(score_map)


def average(first: Landmarks, second: Landmarks) -> Landmarks:
    """Mean of two findings of the same landmarks."""
    return Landmarks(*((a + b) / 2 for a, b in zip(first, second, strict=True)))


@MODELS.register_module()
class LocalCoordinateHead(BaseHead):
    """From the landmark map to landmarks with uncertainty and visibility.

    Score map → cell and offset (`local_soft_argmax`) → `LandmarkAttention` round it → correction in
    the local frame of the attended window, scale, visibility.

    Args:
        in_channels (int): Channels of the landmark map.
        num_keypoints (int): Landmarks K.
        radius (int): Half side of the window that the offset is taken from, cells. Defaults to 2.
        attention (dict): `LandmarkAttention`, told the sizes of what it is given from here.
        loss_score (dict): On the score map. Defaults to `SCORE_LOSS`.
        loss_coordinate (dict): On the coarse and on the refined coordinate. Defaults to
            `COORDINATE_LOSS`.
        loss_scale (dict): On the uncertainty. Defaults to `SCALE_LOSS`.
        loss_visibility (dict | None): On visibility; None where a dataset has no such labels.
            Defaults to None.
        decoder (dict): `LocalCoordinateLabel`.
        init_cfg (dict | list[dict] | None): MMEngine's initialisation, in place of PyTorch's.
            Defaults to None.
    """

    def __init__(
        self,
        in_channels: int,
        num_keypoints: int,
        attention: dict,
        decoder: dict,
        radius: int = 2,
        loss_score: dict = SCORE_LOSS,
        loss_coordinate: dict = COORDINATE_LOSS,
        loss_scale: dict = SCALE_LOSS,
        loss_visibility: dict | None = None,
        init_cfg: dict | list[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.radius, self.num_keypoints = radius, num_keypoints
        self.score = nn.Conv2d(in_channels, num_keypoints, 1)
        self.attention = MODELS.build(
            dict(
                attention,
                in_channels=in_channels,
                num_keypoints=num_keypoints,
                evidence_dims=(2 * radius + 1) ** 2,
            )
        )
        self.refine = nn.Linear(self.attention.embed_dims, 4)
        # The first refinement is none: the coordinate starts where it was coarse.
        nn.init.zeros_(self.refine.weight)
        nn.init.zeros_(self.refine.bias)
        self.loss_score = MODELS.build(loss_score)
        self.loss_coordinate = MODELS.build(loss_coordinate)
        self.loss_scale = MODELS.build(loss_scale)
        self.loss_visibility = MODELS.build(loss_visibility) if loss_visibility else None
        self.decoder = KEYPOINT_CODECS.build(decoder)

    @torch.no_grad()
    def scale_by(self, factor: float) -> None:
        """Multiply all scales that will be predicted by `factor`; coordinates stay."""
        self.refine.bias[LOG_SCALE] += math.log(factor)

    def forward(self, feats: tuple[Tensor]) -> Landmarks:
        """(landmark map [B, C, h, w],) -> `Landmarks`."""
        feature_map = feats[-1]
        score_map = log_probabilities(self.score(feature_map))
        window = peak_window(score_map, self.radius)
        coarse = local_soft_argmax(window)
        size = constant(map_size, *score_map.shape[:-3:-1], like=coarse)
        # Where to look is decided by the score map's own losses, not by what is seen there.
        descriptors = self.attention(
            feature_map,
            normalize_cells(coarse.detach(), size),
            local_log_probs(window),
        )
        shift, log_scale, visibility = self.refine(descriptors).float().split((2, 1, 1), -1)
        return Landmarks(
            score_map,
            coarse,
            coarse + shift * self.radius,
            log_scale.squeeze(-1),
            visibility.squeeze(-1),
        )

    def loss(
        self, feats: tuple[Tensor], batch_data_samples: Sequence, train_cfg: dict | None = None
    ) -> dict[str, Tensor]:
        """Losses of a batch; a key for each task that is trained."""
        return self.loss_by_feat(self.forward(feats), stack_truth(batch_data_samples))

    def loss_by_feat(self, found: Landmarks, truth: Truth) -> dict[str, Tensor]:
        """Losses of what was found against the truth; a key for each task that is trained.

        Raises `UserError` for a map of another size than the codec's.
        """
        self.decoder.check_map(*found.score_map.shape[:-3:-1])
        target, weights = truth.coordinates, truth.weights
        losses = dict(
            loss_score=self.loss_score(found.score_map, target, weights),
            loss_coarse=self.loss_coordinate(found.coarse, target, weights),
            loss_refined=self.loss_coordinate(found.refined, target, weights),
            loss_scale=self.loss_scale(found.log_scale, found.refined, target, weights),
        )
        if self.loss_visibility is not None:
            losses['loss_visibility'] = self.loss_visibility(
                found.visibility, truth.visibility, weights
            )
        return losses

    def predict(
        self, feats: tuple, batch_data_samples: Sequence, test_cfg: dict | None = None
    ) -> list[InstanceData] | tuple[list[InstanceData], list[PixelData]]:
        """Landmarks of a batch, in pixels of the crop.

        Args:
            feats: What `forward` takes; for a flip test a list of two, the second of the
                mirrored images.
            batch_data_samples: Their `flip_indices` are read for the flip test.
            test_cfg: `flip_test` (bool); `output_heatmaps` (bool), which MMPose's demos set for
                `--draw-heatmap`.

        Returns:
            One `InstanceData` for each face: `keypoints` [1, K, 2], `keypoint_scores` [1, K] in
            (0, 1), `keypoint_scales` [1, K] in pixels of the crop and, where visibility is
            trained, `keypoints_visible` [1, K] in (0, 1). With `output_heatmaps` also one
            `PixelData` for each face: `heatmaps` [K, h, w], each point's chance of each cell.
        """
        settings = test_cfg or {}
        if settings.get('flip_test', False):
            straight, mirrored = (self.forward(f) for f in feats)
            flip_indices = batch_data_samples[0].metainfo['flip_indices']
            found = average(straight, mirror(mirrored, flip_indices))
        else:
            found = self.forward(feats)
        faces = self.decode(as_one_tensor(found))
        if settings.get('output_heatmaps', False):
            return faces, [PixelData(heatmaps=chances) for chances in cell_chances(found.score_map)]
        return faces

    def decode(self, outputs: Tensor) -> list[InstanceData]:
        """What `predict` gives, of the network's output [B, K, 4] (see `as_one_tensor`).

        For programs that run the network elsewhere, such as MMDeploy (docs/deploy.md).
        """
        outputs = outputs.detach().float().cpu()
        coordinates = outputs[..., :2].numpy()
        scales = outputs[..., LOG_SCALE].exp().numpy()
        visibility = outputs[..., 3].sigmoid().numpy()
        return [self._pack(*face) for face in zip(coordinates, scales, visibility, strict=True)]

    def _pack(
        self, coordinates: np.ndarray, scales: np.ndarray, visibility: np.ndarray
    ) -> InstanceData:
        keypoints, scores = self.decoder.decode(coordinates, scales)
        packed = InstanceData(
            keypoints=keypoints,
            keypoint_scores=scores,
            keypoint_scales=scales[None] * self.decoder.stride,
        )
        if self.loss_visibility is not None:
            packed.keypoints_visible = visibility[None]
        return packed
