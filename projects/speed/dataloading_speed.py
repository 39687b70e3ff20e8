"""How many images a second MMPose's stock training pipeline delivers from a data set."""

from __future__ import annotations

import io
import json
import time
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine import DefaultScope
from mmpose.datasets import build_dataset

from fanet_mmpose.errors import UserError


def stock_pipeline(size: int) -> list[dict[str, Any]]:
    """The training pipeline of MMPose's ``td-hm_hrnetv2-w18_8xb64-60e_wflw-256x256`` config."""
    codec = dict(
        type='MSRAHeatmap', input_size=(size, size), heatmap_size=(size // 4, size // 4), sigma=2
    )
    return [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='RandomFlip', direction='horizontal'),
        dict(type='RandomBBoxTransform', shift_prob=0, rotate_factor=60, scale_factor=(0.75, 1.25)),
        dict(type='TopdownAffine', input_size=(size, size)),
        dict(type='GenerateTarget', encoder=codec),
        dict(type='PackPoseInputs'),
    ]


def images_per_second(root: Path, size: int, faces: int = 300, seed: int = 0) -> float:
    """Faces that one process takes from ``root/annotations/train.json`` in a second of CPU time.

    CPU time, because a busy machine would not let the clock on the wall compare anything; on an
    idle one they agree. OpenCV is held to one thread, as MMPose's loader workers hold it.

    Args:
        root: a data set with file names relative to it.
        size: the network's input side.
        faces: how many to time; fewer if there are fewer, each once, in random order.
        seed: of the order and of the augmentation.

    Raises:
        UserError: there is no ``annotations/train.json``.
    """
    if not (root / 'annotations' / 'train.json').is_file():
        raise UserError(f'{root}: no annotations/train.json; make it with prepare_dataset.py')
    cv2.setNumThreads(0)
    np.random.seed(seed)  # the global generator is the one that MMPose's transforms draw from
    config = dict(
        type='Face300WDataset',
        data_root=str(root),
        data_mode='topdown',
        ann_file='annotations/train.json',
        data_prefix=dict(img=''),
        metainfo=_metainfo(root),
        pipeline=stock_pipeline(size),
    )
    with DefaultScope.overwrite_default_scope('mmpose'), redirect_stdout(io.StringIO()):
        dataset = build_dataset(config)
    order = np.random.permutation(len(dataset))[:faces]
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # that center and scale are taken as they are
        dataset[int(order[0])]  # the first one pays for imports
        start = time.process_time()
        for i in order:
            dataset[int(i)]
        return len(order) / (time.process_time() - start)


def _metainfo(root: Path) -> dict[str, Any]:
    """Point names without mirror pairs: a flip costs the same whichever point is whose mirror."""
    coco = json.loads((root / 'annotations' / 'train.json').read_text(encoding='utf-8'))
    names = coco['categories'][0].get('keypoints') or []
    return {
        'dataset_name': root.name,
        'keypoint_info': {
            i: dict(name=name, id=i, color=[255, 0, 0], type='', swap='')
            for i, name in enumerate(names)
        },
        'skeleton_info': {},
        'joint_weights': [1.0] * len(names),
        'sigmas': [],
    }


def write_demo_photographs(root: Path, side: int, count: int = 100) -> Path:
    """A data set of one public-domain photograph at many sizes near `side` pixels, 5 points each.

    scikit-image's astronaut; its face is a fifth of the picture, as in WFLW's photographs.
    """
    from skimage.data import astronaut

    from fanet_mmpose.geometry.schemas import get_schema

    points = np.array([[203.5, 101], [248, 103], [223, 126], [204.5, 140.5], [243, 142.5]]) / 512
    box = np.array([168.0, 60, 278, 178]) / 512
    images, annotations = [], []
    (root / 'annotations').mkdir(parents=True)
    for i in range(count):
        size = side - i  # no two alike
        picture = cv2.resize(astronaut()[..., ::-1], (size, size), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(root / f'{i}.jpg'), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
        images.append({'id': i, 'file_name': f'{i}.jpg', 'width': size, 'height': size})
        x1, y1, x2, y2 = (box * size).tolist()
        annotations.append(
            {
                'id': i, 'image_id': i, 'category_id': 1, 'iscrowd': 0, 'num_keypoints': 5,
                'area': (x2 - x1) * (y2 - y1), 'bbox': [x1, y1, x2 - x1, y2 - y1],
                'center': [(x1 + x2) / 2, (y1 + y2) / 2], 'scale': max(x2 - x1, y2 - y1) / 200,
                'keypoints': np.hstack([points * size, np.full((5, 1), 2)]).ravel().tolist(),
            }
        )  # fmt: skip
    names = list(get_schema('mtfl5').point_names)
    categories = [{'id': 1, 'name': 'face', 'keypoints': names}]
    coco = {'images': images, 'annotations': annotations, 'categories': categories}
    (root / 'annotations' / 'train.json').write_text(json.dumps(coco), encoding='utf-8')
    return root
