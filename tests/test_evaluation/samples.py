"""Faces made from numbers, as arrays, as MMPose's samples and as an annotation file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np


def make_faces(count: int, num_points: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Truth and prediction [count, num_points, 2] px, within a 200 px face, some px apart."""
    rng = np.random.default_rng(seed)
    truth = rng.uniform(20, 220, (count, num_points, 2))
    spread = rng.gamma(2, 1, (count, 1, 1))
    return truth, truth + spread * rng.normal(size=truth.shape)


def make_samples(count: int, num_points: int = 68, absent: int = 0) -> list[dict]:
    """MMPose data samples as dicts; the first `absent` points of each face have no label."""
    truth, predicted = make_faces(count, num_points)
    return [make_sample(i, truth[i], predicted[i], absent) for i in range(count)]


def make_sample(index: int, truth: np.ndarray, predicted: np.ndarray, absent: int = 0) -> dict:
    """One sample with the square box of MMPose's face datasets: the tight box's longer side."""
    low, high = truth[absent:].min(axis=0), truth[absent:].max(axis=0)
    side, middle = (high - low).max(), (low + high) / 2
    count = len(truth)
    visible = np.ones((1, count), np.float32)
    visible[:, :absent] = 0
    return {
        'id': index + 1,
        'img_id': index + 1,
        'img_path': f'data/val/{index + 1}.jpg',
        'input_size': (128, 128),
        'input_scale': np.array([side, side]) * 1.25,
        'pred_instances': {
            'keypoints': predicted[None],
            'keypoint_scores': np.full((1, count), 0.5),
            'keypoint_scales': np.full((1, count), 2.0),
            'keypoints_visible': np.full((1, count), 0.9),
        },
        'gt_instances': {
            'keypoints': truth[None].astype(np.float32),
            'keypoints_visible': visible,
            'bboxes': np.concatenate([middle - side / 2, middle + side / 2])[None],
        },
    }


def write_annotations(path: Path, samples: list[dict], **extra: list) -> str:
    """A COCO-style file of the samples: face i (from 0) has i + 1 occluded points.

    `extra` are further fields, a list of one value for each face.
    """
    annotations = []
    for i, sample in enumerate(samples):
        points = sample['gt_instances']['keypoints'][0]
        flags = np.full((len(points), 1), 2)
        flags[: i + 1] = 1
        annotations.append(
            {
                'id': sample['id'],
                'image_id': sample['img_id'],
                'keypoints': np.hstack([points, flags]).ravel().tolist(),
                'bbox': [0, 0, 30, 40],
                **{name: values[i] for name, values in extra.items()},
            }
        )
    images = [{'id': s['img_id'], 'file_name': f'val/{s["id"]}.jpg'} for s in samples]
    path.write_text(json.dumps({'images': images, 'annotations': annotations}))
    return str(path)
