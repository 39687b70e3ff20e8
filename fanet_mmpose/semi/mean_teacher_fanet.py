"""MeanTeacherFANet: true labels for labelled faces, the averaged network's for unlabelled ones.

Mean teacher: Tarvainen & Valpola, arXiv 1703.01780. A point is weighted by the teacher's
confidence, which comes from its predicted error. Deviations: the teacher sees the easy view and
its mirror image, the student an augmented one; the error's scale is trained on true labels alone:
agreement of two networks would drive it to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.dist import all_reduce
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from fanet_mmpose.earlier_names import accept_earlier_arguments
from fanet_mmpose.errors import UserError
from fanet_mmpose.semi.pseudo_labels import mean_weight, pseudo_label

PSEUDO = ('loss_score', 'loss_coarse', 'loss_refined')  # of the head's losses; not the scale


def take(maps: Sequence[Tensor], chosen: Sequence[int]) -> tuple[Tensor, ...]:
    """Some faces' part of maps [B, …]."""
    return tuple(part[list(chosen)] for part in maps)


@MODELS.register_module()
@accept_earlier_arguments
class MeanTeacherFANet(TopdownPoseEstimator):
    """`TopdownPoseEstimator` that also learns from faces without labels.

    A sample of `TeacherView` is unlabelled: its labels are never read. `TeacherHook` hands over
    the teacher; it is no part of the model, so checkpoints are those of a plain FANet.

    Args:
        unlabelled_weight (float): Of the losses on pseudo labels against those of true labels.
            Defaults to 1.0.
        min_score (float): Teacher's score up to which a point has weight 0; from 0 to below 1.
            Defaults to 0.0.
        style (dict | None): `RandomStyle`, for labelled faces that are drawn; None where they are
            photographs. Defaults to None.
        **network: As for `TopdownPoseEstimator`.

    Raises:
        UserError: `min_score` is out of its range.
    """

    def __init__(
        self,
        unlabelled_weight: float = 1.0,
        min_score: float = 0.0,
        style: dict | None = None,
        **network: Any,
    ) -> None:
        if not 0 <= min_score < 1:
            raise UserError(f'MeanTeacherFANet.min_score is {min_score}: from 0 to below 1')
        super().__init__(**network)
        self.unlabelled_weight, self.min_score = unlabelled_weight, min_score
        self.style = MODELS.build(style) if style else None
        self.ramp = 1.0  # share of `unlabelled_weight` that counts now; the hook raises it
        self._teacher: tuple[nn.Module, ...] = ()  # a tuple hides it from nn.Module

    def set_teacher(self, teacher: TopdownPoseEstimator) -> None:
        """Learn from this network from now on; it is not trained."""
        self._teacher = (teacher,)

    def loss(self, inputs: Tensor, data_samples: Sequence[PoseDataSample]) -> dict[str, Tensor]:
        """Losses of crops [B, 3, H, W]; those on pseudo labels end in ``_pseudo``."""
        blank = [i for i, sample in enumerate(data_samples) if 'teacher_view' in sample.metainfo]
        known = [i for i in range(len(data_samples)) if i not in set(blank)]
        if self.style is not None and blank and known:
            inputs = inputs.clone()
            inputs[known] = self.style(inputs[known], inputs[blank])
        weight = self.unlabelled_weight * self.ramp
        if not weight and known:
            inputs, data_samples, blank = inputs[known], [data_samples[i] for i in known], []
            known = list(range(len(known)))
        feats = self.extract_feat(inputs)  # together, so that the norms see both kinds
        losses = {}
        if known:
            losses.update(self.head.loss(take(feats, known), [data_samples[i] for i in known]))
        if blank:
            samples = [data_samples[i] for i in blank]
            losses.update(self._pseudo_losses(take(feats, blank), samples, weight))
        return losses

    def _pseudo_losses(
        self, feats: tuple[Tensor, ...], samples: Sequence[PoseDataSample], weight: float
    ) -> dict[str, Tensor]:
        labelled = self.pseudo_label(samples)
        # The head divides by the sum of weights; low-confidence batches are scaled down.
        confidence = torch.tensor(mean_weight(labelled), device=feats[0].device)
        all_reduce(confidence, 'mean')  # as the sums are those of all processes
        found = self.head.loss(feats, [sample.to(feats[0].device) for sample in labelled])
        losses = {f'{name}_pseudo': weight * confidence * found[name] for name in PSEUDO}
        return {**losses, 'confidence': confidence}

    @torch.no_grad()
    def pseudo_label(self, samples: Sequence[PoseDataSample]) -> list[PoseDataSample]:
        """The teacher's predictions in its views of unlabelled faces, as labels of the student's.

        Raises:
            UserError: There is no teacher.
        """
        if not self._teacher:
            raise UserError(
                'MeanTeacherFANet has unlabelled faces and no teacher: '
                "put dict(type='TeacherHook') in EMAHook's place in custom_hooks"
            )
        teacher = self._teacher[0].eval()
        views = [torch.from_numpy(s.metainfo['teacher_view']).permute(2, 0, 1) for s in samples]
        batch = self.data_preprocessor(dict(inputs=views, data_samples=list(samples)), False)
        crops = batch['inputs'].to(memory_format=torch.channels_last)
        feats = teacher.extract_feat(torch.cat([crops, crops.flip(-1)]))
        both = [take(feats, range(start, start + len(samples))) for start in (0, len(samples))]
        found = teacher.head.predict(both, samples, test_cfg=dict(flip_test=True))
        codec = self.head.decoder
        return [
            pseudo_label(*pair, codec, self.min_score) for pair in zip(found, samples, strict=True)
        ]
