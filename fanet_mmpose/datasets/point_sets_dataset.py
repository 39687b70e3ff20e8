"""PointSetsFaceDataset: faces with labels of several point sets, each as far as a face has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmpose.datasets import CombinedDataset
from mmpose.registry import DATASETS

from fanet_mmpose.datasets.weighted_face_dataset import WeightedFaceDataset
from fanet_mmpose.geometry.schemas.joined import join_schemas
from fanet_mmpose.geometry.schemas.registry import get_schema


@DATASETS.register_module()
class PointSetsFaceDataset(WeightedFaceDataset):
    """A face has the points of all sets, one set after the other; those without a label weigh 0.

    ``keypoints`` (and ``point_weights``) of an annotation are of the first set. ``point_sets`` may
    hold more: name of a set -> ``{"keypoints": x, y, v, ..., "point_weights": [...]}``.

    Args:
        sets (Sequence[str]): Names of point sets (`geometry.schemas`), the first being that of
            ``keypoints``.
        **base: Of `WeightedFaceDataset`.

    Raises:
        UserError: unknown or repeated set.
    """

    HAS_POINTS = False  # of its metainfo: a file need not have them all

    def __init__(self, sets: Sequence[str], **base: Any) -> None:
        self.sets = tuple(sets)
        super().__init__(metainfo=join_schemas(self.sets).to_metainfo(), **base)

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """MMPose's fields, of the points of all sets."""
        annotation = raw_data_info['raw_ann_info']
        joined = join_labels(annotation, self.sets)
        return super().parse_data_info(dict(raw_data_info, raw_ann_info=dict(annotation, **joined)))


@DATASETS.register_module()
class PointSetsDataset(CombinedDataset):
    """MMPose's `CombinedDataset` of several `PointSetsFaceDataset`.

    Args:
        sets (Sequence[str]): As there.
        datasets (list[dict]): Configs of the parts.
        **base: Of `CombinedDataset`.
    """

    def __init__(self, sets: Sequence[str], datasets: list[dict], **base: Any) -> None:
        super().__init__(join_schemas(sets).to_metainfo(), datasets, **base)


def join_labels(annotation: dict, sets: Sequence[str]) -> dict[str, Any]:
    """``keypoints`` and ``point_weights`` of all sets, in their order, of one annotation."""
    keypoints, weights = [], []
    for index, name in enumerate(sets):
        label = annotation if index == 0 else annotation.get('point_sets', {}).get(name, {})
        count = get_schema(name).num_points
        points = np.array(label.get('keypoints', np.zeros(3 * count)), float)
        keypoints.append(points)
        weights.append(np.array(label.get('point_weights', np.ones(count)), float))
    flags = np.concatenate(keypoints)[2::3]
    return dict(
        keypoints=np.concatenate(keypoints).tolist(),
        point_weights=np.concatenate(weights).tolist(),
        num_keypoints=int((flags > 0).sum()),
    )
