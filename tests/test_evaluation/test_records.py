"""Samples as records: what is mapped to the image, what each field may lack."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.records import (
    measured_protocol,
    read_sample,
    stack_field,
    unique_records,
)

from .samples import make_samples


def test_scales_are_mapped_from_the_crop_to_the_image() -> None:
    sample = make_samples(1)[0]
    sample['input_scale'] = np.array([320.0, 320.0])
    np.testing.assert_allclose(read_sample(sample).scales, 2 * 320 / 128)


def test_scales_without_a_known_crop_are_dropped() -> None:
    sample = make_samples(1)[0]
    del sample['input_scale']
    assert read_sample(sample).scales is None


def test_box_is_before_padding() -> None:
    record = read_sample(make_samples(1)[0])
    assert record.padding == pytest.approx(1.25)
    assert record.box[2] == pytest.approx(record.box[3])
    assert measured_protocol([record]) == {'padding': pytest.approx(1.25), 'input_size': (128, 128)}


def test_tensors_are_read_too() -> None:
    torch = pytest.importorskip('torch')
    sample = make_samples(1)[0]
    expected = read_sample(sample).predicted
    points = torch.tensor(sample['pred_instances']['keypoints'], requires_grad=True)
    sample['pred_instances']['keypoints'] = points
    np.testing.assert_array_equal(read_sample(sample).predicted, expected)


def test_confidence_beside_coordinates_is_cut_off() -> None:
    sample = make_samples(1)[0]
    points = sample['pred_instances']['keypoints']
    sample['pred_instances']['keypoints'] = np.concatenate([points, points[..., :1]], axis=-1)
    np.testing.assert_array_equal(read_sample(sample).predicted, points[0])


@pytest.mark.parametrize(
    'visible, flags',
    [
        ([1, 0, 1], [2, 0, 2]),
        ([[1, 1], [0, 1], [0, 0]], [2, 1, 0]),
    ],
)
def test_flags(visible: list, flags: list[int]) -> None:
    sample = make_samples(1, 3)[0]
    sample['gt_instances']['keypoints_visible'] = np.array([visible], np.float32)
    assert read_sample(sample).visibility.tolist() == flags


def test_several_faces_are_refused() -> None:
    sample = make_samples(1)[0]
    points = sample['gt_instances']['keypoints']
    sample['gt_instances']['keypoints'] = np.concatenate([points, points])
    with pytest.raises(UserError, match='top-down'):
        read_sample(sample)
    with pytest.raises(UserError, match='pred_instances'):
        read_sample({})


def test_unique_keeps_the_first_and_the_order() -> None:
    records = [read_sample(sample) for sample in make_samples(3)]
    repeated = [*records, replace(records[0], padding=9.0), records[2]]
    assert [id(r) for r in unique_records(repeated)] == [id(r) for r in records]


def test_a_field_that_one_record_lacks() -> None:
    records = [read_sample(sample) for sample in make_samples(2)]
    assert stack_field(records, 'scores').shape == (2, 68)
    assert stack_field([*records, replace(records[0], scores=None)], 'scores') is None
