"""Float32HeadEstimator: a quick trunk for heads that want float32."""

from __future__ import annotations

import torch
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from mmpose.utils.typing import SampleList
from torch import Tensor


@MODELS.register_module()
class Float32HeadEstimator(TopdownPoseEstimator):
    """`TopdownPoseEstimator` whose head learns in float32, whatever the trunk is trained in.

    MMPose's regression and SimCC heads measure their accuracy with NumPy, which has no bfloat16.
    """

    def loss(self, inputs: Tensor, data_samples: SampleList) -> dict[str, Tensor]:
        """Losses of images [B, 3, H, W] and their faces."""
        feats = self.extract_feat(inputs)
        with torch.autocast(inputs.device.type, enabled=False):
            feats = tuple(feat.float() for feat in feats)
            return dict(self.head.loss(feats, data_samples, train_cfg=self.train_cfg))
