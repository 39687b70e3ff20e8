"""Discovered points of annotated faces, with the annotated ones in the same frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dataset import pseudo_collate
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import DATASETS
from torch.utils.data import DataLoader

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.datasets.held_out import name_hash
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.nme import eye_distances
from fanet_mmpose.geometry.schemas import PointSchema
from projects.discovery.linear_probe import FaceSet

PARTS_OF = 10  # photographs are split by their name's CRC-32 modulo this
BATCH = 64


def frame_points(points: np.ndarray, center: np.ndarray, side: np.ndarray) -> np.ndarray:
    """px of the picture [N, K, 2] -> units of the crop's side from its upper left corner.

    Args:
        points: [N, K, 2].
        center: middle of the crops [N, 2], px.
        side: [N], px.
    """
    return (points - center[:, None]) / side[:, None, None] + 0.5


@torch.no_grad()
def discover(
    model: TopdownPoseEstimator, dataset: Any, batch: int = BATCH
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
    """What a model finds on every face of a dataset with a validation pipeline.

    Returns:
        Points [N, K, 2] px of the pictures, crops' centres [N, 2] and sides [N] px, and ids.
    """
    model.eval()
    found = []
    for data in DataLoader(dataset, batch, collate_fn=pseudo_collate):
        found += model.test_step(data)
    points = np.concatenate([sample.pred_instances.keypoints for sample in found])
    center = np.stack([sample.input_center for sample in found])
    side = np.array([sample.input_scale[0] for sample in found])
    return points, center, side, [sample.id for sample in found]


def take_faces(
    model: TopdownPoseEstimator, config: Mapping[str, Any], schema: PointSchema
) -> dict[Any, dict[str, Any]]:
    """Run a model over the annotated faces of one file.

    Args:
        model: predicts the discovered points.
        config: `dataset`, an `UnlabelledFaceDataset` with `ann_file`; `leave_out`, a regular
            expression of `source`s whose points are known to be wrong.
        schema: of the annotated points.

    Returns:
        For each face by id: `discovered` [K, 2], `annotated` [L, 2], `eyes`, `source`, `image`.

    Raises:
        UserError: the file has other points than the schema, or no face is left.
    """
    dataset = DATASETS.build(config['dataset'])
    annotations = load_annotations(dataset.ann_file)
    bad = re.compile(config.get('leave_out') or r'(?!)')
    dataset.get_subset_(
        [i for i, key in enumerate(ids_of(dataset)) if not bad.search(source_of(annotations[key]))]
    )
    if not len(dataset):
        raise UserError(f'{dataset.ann_file}: leave_out leaves no face')
    points, center, side, ids = discover(model, dataset)
    known = [annotations[i] for i in ids]
    if known[0].points.shape != (schema.num_points, 2):
        raise UserError(
            f'{dataset.ann_file} has {len(known[0].points)} points and the schema '
            f'{schema.name} {schema.num_points}'
        )
    annotated = np.stack([face.points for face in known])
    labelled = np.stack([face.visibility > 0 for face in known])
    eyes = eye_distances(annotated, labelled, schema.eye_corners) / side
    discovered = frame_points(points, center, side)
    annotated = frame_points(annotated, center, side)
    return {
        ids[i]: dict(
            discovered=discovered[i],
            annotated=annotated[i],
            eyes=eyes[i],
            source=source_of(face),
            image=face.image,
        )
        for i, face in enumerate(known)
        if labelled[i].all() and eyes[i] > 0
    }


def ids_of(dataset: Any) -> list:
    """Annotation ids in the dataset's order, without running its pipeline."""
    return [dataset.get_data_info(i)['id'] for i in range(len(dataset))]


def source_of(face: FaceAnnotation) -> str:
    """Where a face is from, as the file says; ``''`` where it does not."""
    return str(face.attributes.get('source', ''))


def split_faces(
    faces: Mapping[Any, Mapping[str, Any]], photograph: str | None = None
) -> dict[str, list]:
    """Ids of `fit`, `val` and `test`: eight, one and one tenth of the photographs by name.

    `test` is what `HoldOutDataset(every=10)` holds out of the training.

    Args:
        faces: as `take_faces` returns them.
        photograph: regular expression whose first group names the photograph within `source`;
            held-out faces of a photograph that the training saw are dropped.
    """
    sides: dict[str, list] = {'fit': [], 'val': [], 'test': []}
    for key, face in faces.items():
        place = name_hash(Path(face['image']).name) % PARTS_OF
        sides[{0: 'test', 1: 'val'}.get(place, 'fit')].append(key)
    if photograph:

        def name(key: Any) -> str:
            match = re.search(photograph, faces[key]['source'])
            return match.group(1) if match else str(key)

        seen = {name(key) for key in sides['fit'] + sides['val']}
        sides['test'] = [key for key in sides['test'] if name(key) not in seen]
    return sides


def to_face_set(
    faces: Mapping[Any, Mapping[str, Any]], keys: list, group: str | None = None
) -> FaceSet:
    """The chosen faces as arrays.

    Args:
        faces: as `take_faces` returns them.
        keys: their ids.
        group: regular expression whose first group names the subset within `source`.
    """

    def stack(field: str) -> np.ndarray:
        return np.stack([faces[key][field] for key in keys])

    names = [re.search(group, faces[key]['source']) if group else None for key in keys]
    return FaceSet(
        stack('discovered'),
        stack('annotated'),
        stack('eyes'),
        tuple(match.group(1) if match else 'other' for match in names) if group else (),
    )
