"""Propose, answer, convert, train: the commands of docs/label_efficient.md on drawn faces."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from mmengine.registry import DefaultScope  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.datasets.converters import Options, convert_dataset  # noqa: E402
from fanet_mmpose.engine.configs import load_config  # noqa: E402
from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from fanet_mmpose.geometry.schemas import find_schema  # noqa: E402
from fanet_mmpose.inference.landmarker import FaceLandmarker  # noqa: E402
from fanet_mmpose.labelling.options import ProposeOptions  # noqa: E402
from fanet_mmpose.labelling.propose import propose  # noqa: E402
from projects.label_study.rehearsal import answer_labels  # noqa: E402

SCHEMA = 'configs/semi/own_faces/own12.yml'
SMALL = {
    'train_cfg.max_iters': 1,
    'train_cfg.val_interval': 1,
    'train_dataloader.batch_size': 4,
    'train_dataloader.sampler.batch_size': 4,
    'train_dataloader.sampler.source_ratio': [2, 2],
    'train_dataloader.num_workers': 0,
    'train_dataloader.persistent_workers': False,
    'val_dataloader.num_workers': 0,
    'val_dataloader.persistent_workers': False,
    'default_hooks.checkpoint.save_last': False,
    'default_hooks.checkpoint.save_best': None,
}


def test_the_three_commands(
    drawn_set: Path,
    landmarker: FaceLandmarker,
    repo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'photos').symlink_to(drawn_set / 'images')
    (tmp_path / 'own.yml').write_bytes((repo / SCHEMA).read_bytes())
    todo, own = Path('todo'), find_schema('own.yml')
    lines = propose(ProposeOptions(Path('photos'), todo, 5, 2, 'own.yml'), landmarker)
    answer_labels(todo / 'labels', drawn_set / 'annotations' / 'train.json', own)
    convert_dataset(
        Options('custom', (todo / 'labels',), todo / 'data', schema='own.yml', test_every=0)
    )
    # The second command is what the first one tells.
    assert f'--source {todo}/labels --schema own.yml --out {todo}/data --test-every 0' in lines[-2]
    assert lines[-1].endswith('tools/train.py todo/train.py')
    config = load_config(todo / 'train.py')
    assert config.model.head.num_keypoints == own.num_points
    assert Path(config.load_from).is_file()
    with DefaultScope.overwrite_default_scope('mmpose'):
        runner = train(todo / 'train.py', TrainOptions(cfg_options=SMALL))
    # One step from the shipped weights: the points are still found, for their rows came along.
    assert 0 < runner.message_hub.get_scalar('val/NME').current() < 15
    assert not math.isnan(runner.message_hub.get_scalar('train/confidence').current())
    assert Path(runner.work_dir) == todo / 'training' or runner.work_dir.endswith('todo/training')
