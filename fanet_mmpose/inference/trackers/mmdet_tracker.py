"""MMDetection's ByteTrack and SORT: the detector looks at every frame, they keep the identities.

Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022;
Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016. Deep SORT: `deep_sort_tracker`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.trackers.box_tracker import Boxes, Detect, register_tracker

REMEMBER = 10  # frames for which a lost box keeps its number
SAME_FACE = 0.3  # overlap of boxes in neighbouring frames; mmdet's 0.7 is for slow pedestrians
# Detectors' scores have different ranges (a cascade's are no probabilities), so they do not weigh
# overlaps; `low` to `high` is the range that ByteTrack keeps alive but starts no track from.
BYTE = dict(
    type='ByteTracker',
    obj_score_thrs=dict(high=0.5, low=0.1),
    init_track_thr=0.5,
    weight_iou_with_det_scores=False,
    match_iou_thrs=dict(high=0.1, low=SAME_FACE, tentative=SAME_FACE),
    num_tentatives=1,
)
SORT = dict(
    type='SORTTracker',
    obj_score_thr=0.3,
    reid=None,
    match_iou_thr=SAME_FACE,
    num_tentatives=1,
)


class MMDetTracker:
    """`BoxTracker` round a tracker of mmdet.

    Args:
        detect: runs on each frame.
        config: of the tracker, without its `motion`.

    Raises:
        UserError: mmdet, or for ByteTrack lap, is not installed.
    """

    detects = True

    def __init__(self, detect: Detect, config: Mapping[str, Any]) -> None:
        try:  # only here, so that the pipeline does without PyTorch
            from mmdet.registry import MODELS
            from mmdet.utils import register_all_modules
            from mmengine.registry import DefaultScope

            register_all_modules(init_default_scope=False)
            parts = dict(motion=dict(type='KalmanFilter'), num_frames_retain=REMEMBER)
            # Whoever uses MMPose in the same process has its registry as the default one.
            with DefaultScope.overwrite_default_scope('mmdet'):
                self._tracker = MODELS.build({**config, **parts})
        except (ImportError, RuntimeError) as error:
            name = config['type']
            raise UserError(f'{name} needs MMDetection and lap ({error})') from error
        self._detect, self._frame = detect, 0
        self._model: Any = None  # of the looks of faces; SORT and ByteTrack have none

    def propose(self, frame: np.ndarray) -> Boxes:
        """The detector's boxes of this frame, by number from 1."""
        import torch
        from mmdet.structures import DetDataSample
        from mmengine.structures import InstanceData

        found = self._detect(frame)
        shape = frame.shape[:2]
        sample = DetDataSample(metainfo=dict(frame_id=self._frame, img_shape=shape))
        self._frame += 1
        sample.pred_instances = InstanceData(
            bboxes=torch.from_numpy(found.boxes).float(),
            scores=torch.from_numpy(found.scores).float(),
            labels=torch.zeros(len(found.boxes), dtype=torch.long),
        )
        picture = self._picture(frame)
        tracks = self._tracker.track(model=self._model, img=picture, data_sample=sample)
        numbers = (tracks.instances_id + 1).tolist()
        return dict(zip(numbers, tracks.bboxes.double().numpy(), strict=True))

    def _picture(self, frame: np.ndarray) -> Any:
        """What `_model` sees of the frame: a tensor [1, 3, H, W], or None."""
        return None

    def observe(self, frame: np.ndarray, boxes: Mapping[int, np.ndarray]) -> None:
        """Landmarks are not asked: these trackers go by detections alone."""


@register_tracker('bytetrack')
def byte_track(detect: Detect) -> MMDetTracker:
    """ByteTrack: boxes of low score keep a track alive but start none."""
    return MMDetTracker(detect, BYTE)


@register_tracker('sort')
def sort(detect: Detect) -> MMDetTracker:
    """SORT: overlap with the last box, a Kalman filter for the gaps."""
    return MMDetTracker(detect, SORT)
