"""WeightedFaceDataset: faces whose labels are not all equally sure, or say what is hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmpose.datasets.datasets.face.face_300w_dataset import Face300WDataset
from mmpose.registry import DATASETS


@DATASETS.register_module()
class WeightedFaceDataset(Face300WDataset):
    """The annotations of `Face300WDataset`, with a weight and a visibility for each point.

    ``keypoints_visible`` is [1, K, 2]: first 1 where the point can be seen, then its weight in
    [0, 1], which is 0 where it is not annotated. An annotation may have ``point_weights`` [K];
    without them an annotated point weighs 1.

    Args:
        occlusion (bool): Whether the file tells hidden points (COCO's flag 1) from visible ones
            (2). If not, every annotated point counts as visible. Defaults to False.
        **base: Of MMPose's `BaseCocoStyleDataset`.
    """

    def __init__(self, occlusion: bool = False, **base: Any) -> None:
        self.occlusion = occlusion
        super().__init__(**base)

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """MMPose's fields, with the two values of each point."""
        info = super().parse_data_info(raw_data_info)
        annotation = raw_data_info['raw_ann_info']
        flags = np.array(annotation['keypoints'], np.float32)[2::3]
        weights = np.array(annotation.get('point_weights', np.ones(len(flags))), np.float32)
        seen = flags >= (2 if self.occlusion else 1)
        both = np.stack([seen.astype(np.float32), weights * (flags > 0)], -1)
        info['keypoints_visible'] = both[None]
        return info
