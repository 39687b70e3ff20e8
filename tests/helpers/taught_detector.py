"""A small RTMDet that was taught one picture: it finds that picture's face, in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from mmdet.apis import init_detector
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData

REPO = Path(__file__).resolve().parents[2]
SIDE = 128
# The product's own recipe, narrower and for smaller pictures.
CONFIG = """
_base_ = ['{repo}/projects/face_detector/configs/rtmdet_nano_face.py']
steps = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', scale=({side}, {side}), keep_ratio=True),
    dict(type='Pad', size=({side}, {side}), pad_val=dict(img=(114, 114, 114))),
    dict(type='PackDetInputs',
         meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor')),
]
test_dataloader = dict(dataset=dict(pipeline=steps))
test_pipeline = steps
model = dict(
    backbone=dict(widen_factor=0.125),
    neck=dict(in_channels=[32, 64, 128], out_channels=32),
    bbox_head=dict(in_channels=32, feat_channels=32),
)
"""


def write_detector_config(path: Path) -> Path:
    """An mmdet config for one class, `face`."""
    path.write_text(CONFIG.format(repo=REPO, side=SIDE))
    return path


def teach(config: Path, path: Path, image: np.ndarray, box: np.ndarray, steps: int = 300) -> Path:
    """Train on one picture [SIDE, SIDE, 3], blue first, with one box [4] px; store the weights."""
    torch.manual_seed(0)
    model = init_detector(str(config), device='cpu')  # one picture has no batch statistics: eval
    truth = InstanceData(
        bboxes=torch.tensor(np.array([box]), dtype=torch.float32), labels=torch.zeros(1).long()
    )
    sample = DetDataSample(
        gt_instances=truth, metainfo=dict(img_shape=(SIDE, SIDE), batch_input_shape=(SIDE, SIDE))
    )
    picture = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
    inputs = model.data_preprocessor(dict(inputs=[picture], data_samples=[sample]), True)
    with torch.no_grad():  # the head alone learns: the rest is random and stays so
        features = model.extract_feat(inputs['inputs'])
    optimizer = torch.optim.AdamW(model.bbox_head.parameters(), lr=4e-3)
    for _ in range(steps):
        losses = model.bbox_head.loss(features, inputs['data_samples'])
        loss, _ = model.parse_losses(losses)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    meta = dict(dataset_meta=dict(classes=('face',), palette=[(0, 255, 0)]))
    torch.save(dict(meta=meta, state_dict=model.state_dict()), path)
    return path
