"""One MMPose data sample as the plain arrays that scoring needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fanet_mmpose.earlier_names import earlier_attribute
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results import ABSENT, OCCLUDED, VISIBLE


@dataclass(frozen=True)
class ScoredFace:
    """One face, in px of the original image.

    Attributes:
        id: the annotation's id.
        image: path of the image as the dataset built it.
        predicted: [K, 2].
        truth: [K, 2].
        visibility: [K] COCO's flags.
        scores: [K] or None.
        scales: [K] or None.
        visible_scores: [K] or None.
        box: [4] x, y, w, h before padding, or None.
        padding: longer side of the crop over that of the box, or None.
        input_size: width and height of the network's input, or None.
        raw_annotation: the COCO annotation, where the dataset passes it on.
    """

    id: int | str
    image: str
    predicted: np.ndarray
    truth: np.ndarray
    visibility: np.ndarray
    scores: np.ndarray | None = None
    scales: np.ndarray | None = None
    visible_scores: np.ndarray | None = None
    box: np.ndarray | None = None
    padding: float | None = None
    input_size: tuple[int, int] | None = None
    raw_annotation: Mapping[str, Any] | None = None


def read_sample(sample: Mapping[str, Any]) -> ScoredFace:
    """Read a data sample (as a dict) that carries ``pred_instances`` and ``gt_instances``.

    ``keypoint_scales`` come in px of the network's input and are mapped to the image here,
    which MMPose does for ``keypoints`` only.

    Raises:
        UserError: the sample has no prediction, or other than one face.
    """
    if 'pred_instances' not in sample:
        raise UserError('FaceLandmarkMetric found no pred_instances; is this a pose model?')
    predicted, truth = sample['pred_instances'], sample['gt_instances']
    points = _array(truth['keypoints'])
    if len(points) != 1 or len(predicted['keypoints']) != 1:
        raise UserError(
            'FaceLandmarkMetric scores top-down models, one face per sample, '
            f'but image {sample.get("img_path")} has {len(points)}'
        )
    box = _xywh(_array(truth['bboxes'])[0]) if 'bboxes' in truth else None
    crop, size = sample.get('input_scale'), sample.get('input_size')
    to_image = None if crop is None else float(np.mean(np.divide(crop, size)))
    scales = _first(predicted, 'keypoint_scales')
    return ScoredFace(
        id=sample.get('id', sample.get('img_id')),
        image=str(sample.get('img_path', '')),
        predicted=_array(predicted['keypoints'])[0, :, :2],
        truth=points[0, :, :2],
        visibility=_flags(_array(truth['keypoints_visible'])[0]),
        scores=_first(predicted, 'keypoint_scores'),
        scales=None if scales is None or to_image is None else scales * to_image,
        visible_scores=_first(predicted, 'keypoints_visible'),
        box=box,
        padding=None if crop is None or box is None else _ratio(np.max(crop), box[2:].max()),
        input_size=None if size is None else (int(size[0]), int(size[1])),
        raw_annotation=sample.get('raw_ann_info'),
    )


def unique_records(records: Sequence[ScoredFace]) -> list[ScoredFace]:
    """The records without those a sampler repeated, in order of first appearance."""
    by_place: dict[tuple[str, int | str], ScoredFace] = {}
    for record in records:
        by_place.setdefault((record.image, record.id), record)
    return list(by_place.values())


def stack_field(records: Sequence[ScoredFace], name: str) -> np.ndarray | None:
    """[N, ...] of one field of all records; None where any lacks it."""
    values = [getattr(record, name) for record in records]
    return None if any(value is None for value in values) else np.stack(values)


def measured_protocol(records: Sequence[ScoredFace]) -> dict[str, Any]:
    """The entries of `Protocol` that the samples themselves show: padding and input size."""
    paddings = [record.padding for record in records if record.padding is not None]
    return {
        'padding': float(np.median(paddings)) if paddings else None,
        'input_size': records[0].input_size,
    }


def _array(value: Any) -> np.ndarray:
    return np.asarray(value.detach().cpu() if hasattr(value, 'detach') else value)


def _first(instances: Mapping[str, Any], name: str) -> np.ndarray | None:
    return _array(instances[name])[0] if name in instances else None


def _xywh(box: np.ndarray) -> np.ndarray:
    return np.append(box[:2], box[2:4] - box[:2])


def _ratio(length: float, other: float) -> float | None:
    return float(length / other) if other > 0 else None


def _flags(visible: np.ndarray) -> np.ndarray:
    """COCO's flags [K] from MMPose's ``keypoints_visible``: [K], or [K, 2] (visible, weight)."""
    if visible.ndim == 1:
        return np.where(visible > 0, VISIBLE, ABSENT)
    flags = np.where(visible[:, 0] > 0, VISIBLE, OCCLUDED)
    return np.where(visible[:, 1] > 0, flags, ABSENT)


def __getattr__(name: str) -> Any:
    return earlier_attribute(__name__, name)
