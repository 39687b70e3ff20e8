"""Configs, and the annotations of one, through a training up to its first iteration."""

from __future__ import annotations

import json
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import yaml
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop
from mmengine.visualization import Visualizer
from mmpose.visualization import PoseLocalVisualizer

from fanet_mmpose.engine.launch import train
from fanet_mmpose.engine.options import TrainOptions
from helpers.fuzz.target import Target
from helpers.tiny_faces import write_project

ANNOTATIONS = 'data/annotations/train.json'


def config_targets() -> Iterator[Target]:
    """A config in three languages, and the annotations of one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_project(folder).read_text().replace(str(folder) + '/', '')
        paths = [path for path in (folder / 'data').rglob('*') if path.is_file()]
        files = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
        (folder / 'tiny.py').write_text(source)
        whole = json.loads(json.dumps(Config.fromfile(folder / 'tiny.py').to_dict()))
    texts = {
        'a.py': source,
        'a.json': json.dumps(whole),
        'a.yaml': yaml.safe_dump(whole),
    }
    for config, text in texts.items():
        yield Target(f'config {config[2:]}', {**files, config: text.encode()}, [config],
                     lambda config=config: train_nothing(config))  # fmt: skip
    yield Target('annotations of a config', {**files, 'a.py': source.encode()}, [ANNOTATIONS],
                 lambda: train_nothing('a.py'))  # fmt: skip


def train_nothing(config: str) -> None:
    """A training without its iterations."""
    no_run = dict(run=lambda self: self.runner.model)
    with (
        DefaultScope.overwrite_default_scope('mmpose'),
        patch.multiple(EpochBasedTrainLoop, **no_run),
        patch.multiple(IterBasedTrainLoop, **no_run),
        # A hook takes the newest of the process, which would be an earlier case's.
        patch.object(Visualizer, '_instance_dict', OrderedDict()),
        patch.object(PoseLocalVisualizer, '_instance_dict', OrderedDict()),
    ):
        train(config, TrainOptions(work_dir='work'))
