"""A FANet small enough to be built, saved and exported within a test."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

REPO = Path(__file__).resolve().parents[2]

# The product's own recipe in narrow, so that a test exports what ships.
CONFIG = """
_base_ = ['{repo}/configs/fanet_lite_300w.py']
codec = dict(type='LocalCoordinateLabel', input_size={size}, stride=4)
pipeline = [
    dict(type='LoadFaceImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size={size}),
    dict(type='PackPoseInputs'),
]
val_dataloader = test_dataloader = dict(dataset=dict(pipeline=pipeline))
model = dict(
    backbone=dict(stem_channels=8, base_channels=8),
    neck=dict(in_channels=(8, 16, 32, 64), out_channels=16),
    head=dict(in_channels=16, attention=dict(embed_dims=16), decoder=codec),
)
"""


def write_config(path: Path, size: tuple[int, int] = (64, 64), more: str = '') -> Path:
    """A config for crops of `size`; `more` is appended."""
    path.write_text(CONFIG.format(repo=REPO, size=size) + more)
    return path


def write_checkpoint(config: Path, path: Path, seed: int = 0) -> Path:
    """Random weights for a config, refinement included, as a training would save them."""
    from fanet_mmpose.deploy.network import build_network
    from fanet_mmpose.engine.configs import load_config

    torch.manual_seed(seed)
    model = build_network(load_config(config), config)
    nn.init.normal_(model.head.refine.weight, std=0.05)
    # Norm layers of a trained network have moved from where they start.
    for name, buffer in model.named_buffers():
        if 'running' in name:
            buffer.uniform_(0.5, 1.5)
    meta = dict(
        epoch=1,
        dataset_meta=dict(dataset_name='300w', num_keypoints=68, flip_indices=list(range(68))),
    )
    torch.save(dict(meta=meta, state_dict=model.state_dict(), optimizer=dict(big=[1])), path)
    return path
