"""Pseudo labels: what the teacher predicts in its view, as labels of the student's. Pure NumPy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from mmengine.structures import InstanceData
from mmpose.codecs.base import BaseKeypointCodec
from mmpose.structures import PoseDataSample

from fanet_mmpose.geometry.crop import transform_points


def to_student(
    values: np.ndarray, points: np.ndarray, sample: PoseDataSample
) -> tuple[np.ndarray, np.ndarray]:
    """A value [K] and a point [K, 2] for each landmark, from the teacher's view to the student's.

    Args:
        values: Of each landmark; they change names where the student's picture is mirrored.
        points: px of the teacher's crop.
        sample: With ``teacher_to_student``, ``flip`` and ``flip_indices`` in its meta information.

    Returns:
        Values [K], and points [K, 2] in px of the student's crop.
    """
    moved = transform_points(points, sample.metainfo['teacher_to_student'])
    if not sample.metainfo.get('flip', False):
        return values, moved
    order = np.asarray(sample.metainfo['flip_indices'])
    return values[order], moved[order]


def confidence(scores: np.ndarray, min_score: float) -> np.ndarray:
    """Weights in [0, 1]: 0 up to `min_score`, from there linear to 1.

    Scores are the teacher's predicted chance that a point is right, from its Laplace scale.
    """
    return np.clip((scores - min_score) / (1 - min_score), 0, 1)


def pseudo_label(
    found: InstanceData, sample: PoseDataSample, codec: BaseKeypointCodec, min_score: float
) -> PoseDataSample:
    """A sample with the teacher's predictions as labels, encoded as the codec encodes true points.

    Args:
        found: The teacher's `keypoints` [1, K, 2], px of its view, and `keypoint_scores` [1, K].
        sample: Of the student; nothing of its own labels is read.
        codec: Encodes the points; their confidence becomes their weights.
        min_score: See `confidence`.
    """
    weights, points = to_student(
        confidence(np.asarray(found.keypoint_scores[0]), min_score),
        np.asarray(found.keypoints[0]),
        sample,
    )
    encoded = codec.encode(points[None], keypoints_visible=weights[None].astype(np.float32))
    labels = InstanceData()
    for name, packed in codec.label_mapping_table.items():
        labels.set_field(encoded[name], packed)
    labelled = PoseDataSample()
    labelled.gt_instance_labels = labels.to_tensor()
    return labelled


def mean_weight(samples: Sequence[PoseDataSample]) -> float:
    """Mean weight of all points of some pseudo-labelled samples, 0 to 1."""
    weights = [sample.gt_instance_labels.keypoint_weights.mean() for sample in samples]
    return float(sum(weights) / max(len(weights), 1))


def ramp(step: int, length: int) -> float:
    """From 0 to 1 over `length` iterations: Laine & Aila's sigmoid, arXiv 1610.02242."""
    if length <= 0:
        return 1.0
    left = 1 - min(max(step / length, 0.0), 1.0)
    return math.exp(-5 * left * left)
