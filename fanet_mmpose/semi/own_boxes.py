"""Boxes of unlabelled faces from a detector and from a model's own points, never from labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import DefaultScope
from mmpose.models import build_pose_estimator
from mmpose.registry import DATASETS
from mmpose.structures import PoseDataSample

from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import longer_side, tight_box
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors import BoxMapping, Detector, build_detector
from fanet_mmpose.inference.detectors.calibrate import annotated_faces, fit

BATCH = 32  # faces computed at a time


@dataclass(frozen=True, eq=False)
class BoxedFace:
    """One face of an unlabelled picture.

    Attributes:
        name: file name, from the pictures' folder on.
        size: width and height of the picture, px.
        box: [4] x1, y1, x2, y2 px.
        score: in (0, 1), mean of its points; None where a detector made the box.
    """

    name: str
    size: tuple[int, int]
    box: np.ndarray
    score: float | None = None


def calibrated_detector(name: str, drawn: Path, limit: int = 300) -> Detector:
    """A detector whose boxes are mapped to tight ones by drawn faces alone.

    The mappings that detectors come with were fitted on labelled photographs.

    Args:
        name: a registered detector with an attribute `mapping`.
        drawn: folder of drawn faces (tools/dataset_converters/make_synthetic.py, train).
        limit: drawn faces to learn from.

    Raises:
        UserError: the faces are missing, or none was found.
    """
    detector = build_detector(name)
    detector.mapping = BoxMapping()
    detector.mapping = fit(detector, annotated_faces(drawn, 'train', limit))
    return detector


def largest_faces(paths: Iterable[Path], root: Path, detector: Detector) -> Iterator[BoxedFace]:
    """The largest detection of each picture; pictures without one are left out."""
    for path in paths:
        image = load_image(path)
        boxes = detector(image, str(path)).boxes
        if len(boxes):
            box = max(boxes, key=longer_side)
            name = path.relative_to(root).as_posix()
            yield BoxedFace(name, (image.shape[1], image.shape[0]), box)


def to_coco(faces: Sequence[BoxedFace]) -> dict:
    """COCO's images and annotations without points, as `UnlabelledFaceDataset` reads them."""
    images, annotations = [], []
    for number, face in enumerate(faces):
        width, height = face.size
        images.append(dict(id=number, file_name=face.name, width=width, height=height))
        x1, y1, x2, y2 = (round(float(v), 2) for v in face.box)
        annotation = dict(id=number, image_id=number, category_id=1, iscrowd=0)
        annotation.update(bbox=[x1, y1, x2 - x1, y2 - y1], area=(x2 - x1) * (y2 - y1))
        if face.score is not None:
            annotation['score'] = round(face.score, 4)
        annotations.append(annotation)
    categories = [dict(id=1, name='face')]
    return dict(images=images, annotations=annotations, categories=categories)


def load_estimator(cfg: Config, checkpoint: Path) -> torch.nn.Module:
    """The config's network with a checkpoint's weights, ready to predict. Raises `UserError`."""
    with DefaultScope.overwrite_default_scope('mmpose'):
        model = build_pose_estimator(cfg.model)
    model.load_state_dict(load_checkpoint(checkpoint)['state_dict'])
    return model.eval()


def refine_boxes(
    model: torch.nn.Module, pipeline: Sequence[Mapping], boxes: Path, root: Path, least: float
) -> list[BoxedFace]:
    """Tight boxes of the points that a model finds within given boxes.

    Args:
        model: of `load_estimator`.
        pipeline: a config's `val_pipeline`.
        boxes: COCO-style file of `to_coco`.
        root: folder that its file names start from.
        least: mean score of the points below which a face is left out.

    Raises:
        UserError: a file is missing or malformed, or no face is left.
    """
    with DefaultScope.overwrite_default_scope('mmpose'):
        faces = DATASETS.build(
            dict(type='UnlabelledFaceDataset', ann_file=str(boxes.resolve()), test_mode=True,
                 data_prefix=dict(img=f'{root}/'), pipeline=list(pipeline))
        )  # fmt: skip
    kept = []
    for start in range(0, len(faces), BATCH):
        indices = range(start, min(start + BATCH, len(faces)))
        with torch.no_grad():
            found = model.test_step(pseudo_collate([faces[index] for index in indices]))
        kept += [face for face in (box_points(sample, root) for sample in found)
                 if face.score >= least]  # fmt: skip
    if not kept:
        raise UserError(f'{boxes}: no face scores {least} or more: lower the least score')
    return kept


def box_points(sample: PoseDataSample, root: Path) -> BoxedFace:
    """The tight box of the points predicted for one face."""
    found = sample.pred_instances
    name = Path(sample.metainfo['img_path']).relative_to(root).as_posix()
    height, width = sample.metainfo['ori_shape']
    score = float(np.mean(found.keypoint_scores))
    return BoxedFace(name, (width, height), tight_box(found.keypoints[0]), score)
