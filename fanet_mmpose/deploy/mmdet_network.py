"""An mmdet detector for one class, from config and checkpoint, read as data."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn

from fanet_mmpose.engine.checkpoint import check_shapes, load_checkpoint
from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.errors import UserError

FACE = 'face'


def load_detector(config: str | Path, checkpoint: str | Path) -> tuple[Config, nn.Module, int]:
    """Config, trained detector in evaluation mode on the CPU, and the number of its face class.

    Raises:
        UserError: a file is missing or damaged, the checkpoint belongs to another network, or
            the detector knows no faces.
    """
    loaded, content = load_config(config), load_checkpoint(checkpoint)
    if not loaded.get('model') or 'test_pipeline' not in loaded:
        raise UserError(f'{config}: has no model or no test_pipeline: give a config of mmdet')
    importlib.import_module('mmdet.apis')  # registers what the config names
    model = build_untrained(loaded, config)
    check_shapes(content, model, str(checkpoint))
    weights = {name.removeprefix('module.'): value for name, value in content['state_dict'].items()}
    model.load_state_dict(weights, strict=False)  # shapes and names are checked, buffers may lack
    return loaded, model.eval(), face_class(loaded, content, str(checkpoint))


def build_untrained(config: Config, path: str | Path) -> nn.Module:
    """The network of a config. Raises `UserError` if mmdet cannot build it."""
    from mmdet.registry import MODELS

    settings = config.model.copy()
    # Its weights come from the checkpoint: nothing is fetched from elsewhere.
    settings.pop('pretrained', None)
    with DefaultScope.overwrite_default_scope('mmdet'):
        try:
            return MODELS.build(settings)
        except (KeyError, TypeError, AssertionError) as error:
            raise UserError(f'{path}: mmdet cannot build its model ({error})') from error


def face_class(config: Config, checkpoint: Mapping[str, Any], path: str) -> int:
    """Which class is the face: by name where the checkpoint has names, else the only one.

    Raises:
        UserError: none of its classes is a face.
    """
    learnt = checkpoint.get('meta', {}).get('dataset_meta') or {}
    names = tuple(learnt.get('classes') or learnt.get('CLASSES') or ())
    names = names or _classes_of(config)
    if FACE in names:
        return names.index(FACE)
    if len(names) == 1:
        return 0
    raise UserError(
        f'{path}: knows {len(names)} classes ({", ".join(map(str, names[:3]))}, …) and none is '
        f'called {FACE!r}: give a face detector'
    )


def _classes_of(config: Config) -> tuple[str, ...]:
    """Names of the config's classes; numbers where it says only how many."""
    loader = config.get('test_dataloader') or {}
    named = ((loader.get('dataset') or {}).get('metainfo') or {}).get('classes')
    if named:
        return (named,) if isinstance(named, str) else tuple(named)
    head = config.model.get('bbox_head') or (config.model.get('roi_head') or {}).get('bbox_head')
    count = (head or {}).get('num_classes', 0)
    return tuple(str(number) for number in range(count))
