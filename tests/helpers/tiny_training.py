"""A training of seconds, run in a process of its own that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.tiny_faces import write_split

REPO = Path(__file__).resolve().parents[2]

# FANet lite's recipe in narrow, with all its random draws.
CONFIG = """
_base_ = ['{repo}/configs/fanet_lite_300w.py']
codec = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
train_pipeline = [
    *_base_.before_crop, dict(type='TopdownAffine', input_size=(64, 64)),
    *_base_.after_crop_strong, dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs')]
val_pipeline = [
    dict(type='LoadFaceImage'), dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(64, 64)), dict(type='PackPoseInputs')]
faces = dict(data_root='{folder}/data/', data_prefix=dict(img='images/'))
train_dataloader = dict(
    batch_size=4, num_workers={workers}, persistent_workers={persistent},
    dataset=dict(**faces, pipeline=train_pipeline))
val_dataloader = dict(
    batch_size=4, num_workers=0, persistent_workers=False,
    dataset=dict(**faces, ann_file='annotations/test.json', pipeline=val_pipeline))
test_dataloader = val_dataloader
val_evaluator = test_evaluator = dict(
    type='FaceLandmarkMetric', ann_file='{folder}/data/annotations/test.json')
train_cfg = dict(max_epochs={epochs}, val_interval=2)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, begin=0, end=4),
    dict(type='CosineAnnealingLR', T_max={epochs}, eta_min_ratio=0.02, by_epoch=True,
         convert_to_iter_based=True)]
model = dict(
    backbone=dict(stem_channels=8, base_channels=8),
    neck=dict(in_channels=(8, 16, 32, 64), out_channels=16),
    head=dict(in_channels=16, attention=dict(embed_dims=16), decoder=codec))
default_hooks = dict(logger=dict(interval=1))
randomness = dict(seed=3)
"""


def write_training(
    folder: Path, *, epochs: int = 4, workers: int = 0, persistent: bool = False, more: str = ''
) -> Path:
    """Pictures and a config for `epochs` epochs of 3 iterations; `more` is appended; its path."""
    write_split(folder / 'data', 'train', 12)
    write_split(folder / 'data', 'test', 5)
    config = folder / 'tiny.py'
    text = CONFIG.format(
        repo=REPO, folder=folder, epochs=epochs, workers=workers, persistent=persistent
    )
    config.write_text(text + more)
    return config


def start_training(
    config: Path, work_dir: Path, *flags: str, prelude: str = ''
) -> subprocess.Popen[str]:
    """Start `tools/train.py`; `prelude` is Python that runs before it in the same process."""
    train = REPO / 'tools' / 'train.py'
    code = (
        f'import runpy, sys\n{prelude}\n'
        f'sys.argv = {["train.py", str(config), "--work-dir", str(work_dir), *flags]!r}\n'
        f'runpy.run_path({str(train)!r}, run_name="__main__")\n'
    )
    environment = dict(os.environ, OMP_NUM_THREADS='1', PYTHONPATH=str(REPO))
    return subprocess.Popen(
        [sys.executable, '-c', code], env=environment, text=True, cwd=config.parent,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def finish_training(config: Path, work_dir: Path, *flags: str, prelude: str = '') -> str:
    """Run a training to its end; what it printed."""
    process = start_training(config, work_dir, *flags, prelude=prelude)
    output, errors = process.communicate()
    assert process.returncode == 0, errors[-5000:]
    return output + errors
