"""A discovery small enough for a test: noise for pictures, a narrow network, a few iterations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers.tiny_faces import write_split

REPO = Path(__file__).resolve().parents[2]

CONFIG = """
_base_ = ['{repo}/projects/discovery/configs/fanet_unsupervised.py']
model = dict(
    backbone=dict(stem_channels=8, base_channels=8),
    neck=dict(in_channels=(8, 16, 32, 64), out_channels=16),
    head=dict(in_channels=16, attention=dict(embed_dims=16)),
    handover=(0.0, 0.5),
)
train_dataloader = dict(
    batch_size=4, num_workers=0, persistent_workers=False,
    dataset=dict(every=3, dataset=dict(
        data_root={root!r}, data_prefix=dict(img='images/'), share=1.0)))
train_cfg = dict(max_epochs=1)
default_hooks = dict(logger=dict(interval=1))
randomness = dict(seed=0)
"""


def write_discovery(folder: Path, faces: int = 12, more: str = '', **edits: Any) -> Path:
    """A data folder and a config that trains on it for `faces` // 4 iterations or fewer.

    Args:
        folder: to write to.
        faces: pictures; about a third is held out.
        more: appended to the config.
        edits: `drop` names annotation fields to leave out.
    """
    path = write_split(folder, 'train', faces)
    content = json.loads(path.read_text())
    for annotation in content['annotations']:
        for field in edits.get('drop', ()):
            annotation.pop(field)
    path.write_text(json.dumps(content))
    config = folder / 'tiny.py'
    config.write_text(CONFIG.format(repo=REPO, root=f'{folder}/') + more)
    return config
