"""MMPose's own tools/train.py takes our recipes with its flags."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mmpose
from helpers.tiny_faces import write_split
from helpers.tiny_fanet import write_config

TRAIN = Path(mmpose.__file__).parent / '.mim' / 'tools' / 'train.py'
SMALL = """
train_dataloader = dict(
    batch_size=4, num_workers=0, persistent_workers=False,
    dataset=dict(data_root='{data}', ann_file='annotations/train.json',
                 data_prefix=dict(img='images/'), pipeline=[
                     *pipeline[:-1], dict(type='GenerateTarget', encoder=codec), pipeline[-1]]),
)
"""


def test_amp_with_options_on_top(tmp_path: Path) -> None:
    write_split(tmp_path / 'data', 'train', 8)
    config = write_config(tmp_path / 'small.py', more=SMALL.format(data=tmp_path / 'data'))
    options = ['train_cfg.max_epochs=1', 'optim_wrapper.optimizer.lr=0.001', 'model.head.radius=1']
    flags = ['--amp', '--no-validate', '--work-dir', tmp_path / 'w', '--cfg-options', *options]
    command = [sys.executable, TRAIN, config, *flags]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / 'w' / 'epoch_1.pth').is_file()
