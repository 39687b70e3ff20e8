"""Every recipe of a face detector builds, finds boxes, and trains on scenes of drawn faces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmdet')
from mmengine.config import Config  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmengine.runner import Runner  # noqa: E402

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from projects.face_detector.scenes.face_sources import DrawnFaces, MixedFaces  # noqa: E402
from projects.face_detector.scenes.wider_face import write_split  # noqa: E402

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
RECIPES = sorted(path.name for path in CONFIGS.glob('*.py'))
SIDE = 128  # px; the recipes' own 256 would only take longer
SCENES = 4


@pytest.fixture(autouse=True)
def mmdet_scope() -> Iterator[None]:
    """Parts are looked up where a runner would look."""
    with DefaultScope.overwrite_default_scope('mmdet'):
        yield


@pytest.fixture(scope='module')
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp('scenes')
    faces = MixedFaces([DrawnFaces(0, 20)], [1])
    for split in ('train', 'val'):
        write_split(out, split, faces, SCENES, seed=0, size=SIDE)
    return out


def small(node: Any, side: int) -> None:
    """Replace the side of the pictures in a config's pipelines, in place."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ('scale', 'size') and tuple(value) == (side, side):
                node[name] = (SIDE, SIDE)
            else:
                small(value, side)
    elif isinstance(node, list):
        for value in node:
            small(value, side)


def read(name: str, scenes: Path) -> Config:
    cfg = load_config(CONFIGS / name)
    for loader in (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader):
        loader.update(batch_size=2, num_workers=0, persistent_workers=False)
        loader.dataset.data_root = f'{scenes}/'
        small(loader, cfg.side)
    return cfg


def test_there_is_one_for_each_kind() -> None:
    kinds = {name.split('_')[0] for name in RECIPES}
    assert kinds == {'centernet', 'mask-rcnn', 'retinanet', 'rtmdet', 'ssdlite', 'yolov3'}


@pytest.mark.parametrize('name', RECIPES)
def test_it_trains_and_finds_boxes(name: str, scenes: Path, tmp_path: Path) -> None:
    cfg = read(name, scenes)
    cfg.work_dir = str(tmp_path)
    cfg.train_cfg = dict(type='IterBasedTrainLoop', max_iters=2, val_interval=2)
    cfg.param_scheduler = []
    cfg.default_hooks.checkpoint = None
    cfg.log_level = 'ERROR'
    if 'rcnn' in (cfg.model.train_cfg or ()):  # fewer proposals, or two stages take a minute
        cfg.model.train_cfg.rcnn.sampler.num = 8
        for stage in (cfg.model.train_cfg.rpn_proposal, cfg.model.test_cfg.rpn):
            stage.update(nms_pre=20, max_per_img=4)
    runner = Runner.from_cfg(cfg)
    before = {key: value.clone() for key, value in runner.model.named_parameters()}
    runner.train()
    losses = runner.message_hub.get_scalar('train/loss').current()
    assert math.isfinite(losses)
    moved = [key for key, value in runner.model.named_parameters() if not value.equal(before[key])]
    assert len(moved) > len(before) / 2
    head = cfg.model.get('bbox_head') or cfg.model.roi_head.bbox_head
    assert head.num_classes == 1
    runner.model.eval()
    with torch.no_grad():
        batch = next(iter(runner.test_dataloader))
        (found, *_) = runner.model.test_step(batch)
    boxes = found.pred_instances.bboxes.numpy()
    assert boxes.shape[1] == 4 and np.isfinite(boxes).all()
    assert boxes.shape[0] == 0 or boxes.max() < 1.5 * SIDE
    assert set(found.pred_instances.labels.tolist()) <= {0}
