"""What a teacher found becomes a label: moved, renamed, and weighted by its confidence."""

from __future__ import annotations

import numpy as np
import pytest
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from fanet_mmpose.codecs.local_coordinate_label import LocalCoordinateLabel
from fanet_mmpose.semi.pseudo_labels import confidence, mean_weight, pseudo_label, ramp

CODEC = LocalCoordinateLabel(input_size=(64, 64), stride=4)
MOVE = np.array([[1.0, 0, 4], [0, 1.0, -8]])
ORDER = [2, 1, 0]


def labels_of(flip: bool = False, min_score: float = 0.0, scores: tuple = (0.9, 0.5, 0.2)):
    found = InstanceData(
        keypoints=np.array([[[10.0, 20], [30, 30], [50, 40]]]), keypoint_scores=np.array([scores])
    )
    sample = PoseDataSample(metainfo=dict(teacher_to_student=MOVE, flip=flip, flip_indices=ORDER))
    return pseudo_label(found, sample, CODEC, min_score).gt_instance_labels


def pixels(labels: InstanceData) -> np.ndarray:
    cells = labels.keypoint_cells[0] + labels.keypoint_offsets[0]
    return cells.numpy() * 4 + 1.5


@pytest.mark.parametrize('flip', [False, True])
def test_points_are_moved_and_renamed_with_their_confidence(flip: bool) -> None:
    order = ORDER if flip else [0, 1, 2]
    labels = labels_of(flip)
    expected = np.array([[14.0, 12], [34, 22], [54, 32]])[order]
    np.testing.assert_allclose(pixels(labels), expected, atol=1e-4)
    np.testing.assert_allclose(
        labels.keypoint_weights[0], np.array([0.9, 0.5, 0.2])[order], rtol=1e-6
    )


def test_low_scores_have_no_weight_and_order_is_kept() -> None:
    scores = np.linspace(0, 1, 50)
    weights = confidence(scores, 0.4)
    assert (weights[scores <= 0.4] == 0).all()
    assert (np.diff(weights[scores > 0.4]) > 0).all()
    assert weights[-1] == 1
    np.testing.assert_array_equal(confidence(scores, 0.0), scores)


def test_mean_weight_counts_all_points() -> None:
    sample = PoseDataSample()
    sample.gt_instance_labels = labels_of(min_score=0.5, scores=(1.0, 0.75, 0.5))
    assert mean_weight([sample]) == pytest.approx((1 + 0.5 + 0) / 3)
    assert mean_weight([]) == 0


def test_ramp_rises_from_nearly_nothing_to_one_and_stays() -> None:
    rise = [ramp(step, 100) for step in range(0, 300, 10)]
    assert rise[0] < 0.01
    assert rise == sorted(rise)
    assert rise[10:] == [1.0] * 20
    assert ramp(0, 0) == 1.0
