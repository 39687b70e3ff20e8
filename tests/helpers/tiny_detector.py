"""An RTMDet for faces that is built and stored in a second; it has learnt nothing."""

from __future__ import annotations

from pathlib import Path

import torch
from mmdet.registry import MODELS
from mmengine.registry import DefaultScope

from fanet_mmpose.engine.configs import load_config

REPO = Path(__file__).resolve().parents[2]
CONFIG = REPO / 'projects/face_detector/configs/rtmdet_nano_face.py'


def write_checkpoint(path: Path, config: Path = CONFIG, classes: tuple = ('face',)) -> Path:
    """Random weights of a recipe, as a training with classes of these names stores them."""
    cfg = load_config(config)
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(cfg.model)
    # Surer of some cells than of others, as a trained network is.
    for branch in model.bbox_head.rtm_cls:
        torch.nn.init.normal_(branch.weight, std=0.5)
    for branch in model.bbox_head.rtm_reg:  # and its boxes are not inside out
        torch.nn.init.constant_(branch.bias, 3.0)
    meta = dict(dataset_meta=dict(classes=classes))
    torch.save(dict(meta=meta, state_dict=model.state_dict()), path)
    return path
