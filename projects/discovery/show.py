"""Discovered points on faces that may be shown: drawn ones and a public-domain photograph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from mmcv.transforms import Compose
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import TRANSFORMS

from fanet_mmpose.geometry.boxes import longer_side, tight_box
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import make_variety
from projects.discovery.points_hook import draw_points

ASTRONAUT = (165.0, 70.0, 285.0, 190.0)  # x1, y1, x2, y2 px of scikit-image's photograph
DRAWN_SIZE = 224  # px


class Shown(NamedTuple):
    """A picture and where its face is."""

    image: np.ndarray  # [h, w, 3] uint8, blue first
    center: np.ndarray  # [2] px
    side: float  # of what the network sees, px


def drawn_faces(count: int, share: float, seed: int = 7) -> list[Shown]:
    """Synthetic faces; `share` is the shown side over the longer side of the points' box."""
    faces = [render_face((seed, 0, i), DRAWN_SIZE, make_variety(None)) for i in range(count)]
    points = np.stack([face.points.points for face in faces])
    boxes = tight_box(points)
    return [
        Shown(face.image, (box[:2] + box[2:]) / 2, float(share * longer_side(box)))
        for face, box in zip(faces, boxes, strict=True)
    ]


def astronaut(share: float = 1.0) -> Shown:
    """`skimage.data.astronaut()`; `share` is the shown side over the face's box."""
    from skimage import data

    box = np.array(ASTRONAUT)
    image = np.ascontiguousarray(data.astronaut()[..., ::-1])
    return Shown(image, (box[:2] + box[2:]) / 2, share * float(box[2] - box[0]))


@torch.no_grad()
def find_on(
    model: TopdownPoseEstimator, cfg: Config, pictures: Sequence[Shown]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Run the config's `val_pipeline` and the model.

    Returns:
        Points [N, K, 2] px of the crops, and the N crops, blue first, as the network gets them.
    """
    steps = [TRANSFORMS.build(step) for step in cfg.val_pipeline if 'Load' not in step['type']]
    pipeline, crops = Compose(steps), []
    for shown in pictures:
        crops.append(
            pipeline(
                dict(
                    img=shown.image.copy(),
                    img_shape=shown.image.shape[:2],
                    bbox_center=shown.center[None].astype(np.float32),
                    # GetBBoxCenterScale pads.
                    bbox_scale=np.full((1, 2), shown.side / 1.25, np.float32),
                    bbox_score=np.ones(1, np.float32),
                )
            )
        )
    model.eval()
    inputs = model.data_preprocessor(pseudo_collate(crops), False)['inputs']
    found = model(inputs, None, mode='tensor')
    stride = model.head.decoder.stride
    points = found.refined.float() * stride + (stride - 1) / 2
    images = [np.ascontiguousarray(c['inputs'].numpy().transpose(1, 2, 0)) for c in crops]
    return points.numpy(), images


def show(
    model: TopdownPoseEstimator, cfg: Config, pictures: Sequence[Shown], enlarge: int = 2
) -> list[np.ndarray]:
    """Crops, enlarged, with their points, blue first, all of one size."""
    points, crops = find_on(model, cfg, pictures)
    return [
        draw_points(crop[..., ::-1].copy(), face, enlarge)[..., ::-1]
        for crop, face in zip(crops, points, strict=True)
    ]
