"""A dataset of noise in MMPose's COCO style, and a small stock model to run on it."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

SIZE = 64  # of a picture, px
NUM_POINTS = 68

CONFIG = """
_base_ = ['mmpose::_base_/default_runtime.py']
custom_imports = dict(imports=['fanet_mmpose.plugin'], allow_failed_imports=False)
codec = dict(type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=1.5)
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(type='PoseDataPreprocessor', mean=[127.0] * 3, std=[64.0] * 3),
    backbone=dict(type='ResNet', depth=18, stem_channels=8, base_channels=8),
    head=dict(type='HeatmapHead', in_channels=64, out_channels=68, deconv_out_channels=(8, 8, 8),
              deconv_kernel_sizes=(4, 4, 4), loss=dict(type='KeypointMSELoss'), decoder=codec))
pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(64, 64)),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs')]
data_root = 'DATA_ROOT'


def loader(split, train):
    return dict(
        batch_size=4, num_workers=0, sampler=dict(type='DefaultSampler', shuffle=train),
        dataset=dict(type='Face300WDataset', data_root=data_root, data_prefix=dict(img='images/'),
                     ann_file=f'annotations/{split}.json', pipeline=pipeline, test_mode=not train))


train_dataloader = loader('train', True)
val_dataloader = loader('test', False)
test_dataloader = loader('test', False)
del loader
val_evaluator = test_evaluator = dict(
    type='NME', norm_mode='keypoint_distance', keypoint_indices=[36, 45])
train_cfg = dict(by_epoch=False, max_iters=2, val_interval=2)
val_cfg = dict()
test_cfg = dict()
optim_wrapper = dict(optimizer=dict(type='SGD', lr=1e-3))
auto_scale_lr = dict(base_batch_size=4)
default_hooks = dict(checkpoint=dict(interval=2, by_epoch=False), logger=dict(interval=1))
randomness = dict(seed=0)
"""


def write_split(root: Path, split: str, count: int, num_points: int = NUM_POINTS) -> Path:
    """Write `count` pictures of noise, one face each, and `annotations/<split>.json`; its path."""
    rng = np.random.default_rng(sum(split.encode()))
    (root / 'images').mkdir(parents=True, exist_ok=True)
    (root / 'annotations').mkdir(exist_ok=True)
    images, annotations = [], []
    for index in range(1, count + 1):
        name = f'{split}_{index}.jpg'
        picture = rng.integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
        cv2.imwrite(str(root / 'images' / name), picture)
        images.append(dict(id=index, file_name=name, width=SIZE, height=SIZE))
        points = np.full((num_points, 3), 2.0)
        points[:, :2] = rng.uniform(8, SIZE - 8, (num_points, 2))
        annotations.append(
            dict(id=100 + index, image_id=index, category_id=1, iscrowd=0,
                 num_keypoints=num_points, keypoints=points.reshape(-1).tolist(),
                 bbox=[8, 8, 48, 48], center=[SIZE / 2, SIZE / 2], scale=48 / 200, area=2304)
        )  # fmt: skip
    path = root / 'annotations' / f'{split}.json'
    categories = [dict(id=1, name='face')]
    path.write_text(json.dumps(dict(images=images, annotations=annotations, categories=categories)))
    return path


def write_project(folder: Path, train: int = 8, test: int = 7) -> Path:
    """Write pictures, annotations and a config that trains two iterations; the config's path."""
    write_split(folder / 'data', 'train', train)
    write_split(folder / 'data', 'test', test)
    config = folder / 'tiny.py'
    config.write_text(CONFIG.replace('DATA_ROOT', str(folder / 'data')))
    return config
