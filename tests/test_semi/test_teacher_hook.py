"""The teacher is the average that is validated and saved; drawn faces train end to end."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from fanet_mmpose.engine.checkpoint import load_checkpoint
from fanet_mmpose.engine.launch import train
from fanet_mmpose.engine.options import TrainOptions
from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.write_set import write_set

NARROW = """
_base_ = ['{repo}/configs/semi/named_points/adapted.py']
model = dict(
    backbone=dict(stem_channels=8, base_channels=8),
    neck=dict(in_channels=(8, 16, 32, 64), out_channels=16),
    head=dict(in_channels=16, attention=dict(embed_dims=16)),
)
load_from = None
"""
ONE_PROCESS = {
    'train_cfg.max_iters': 2,
    'train_dataloader.batch_size': 6,
    'train_dataloader.sampler.batch_size': 6,
    'train_dataloader.num_workers': 0,
    'train_dataloader.persistent_workers': False,
    'default_hooks.checkpoint.interval': 2,
    'default_hooks.logger.interval': 1,
}
STEPS = 2


def write_faces(root: Path) -> None:
    """Drawn faces with points, and the same pictures again as if nobody knew these."""
    (path,) = write_set(root / 'data/synthetic', '300w68', num=9, splits=['train'], image_size=96)
    content = json.loads(path.read_text())
    for annotation in content['annotations']:
        for field in ('keypoints', 'center', 'scale', 'num_keypoints'):
            annotation.pop(field)
    boxes = root / 'data/300w_unlabelled/own.json'
    boxes.parent.mkdir()
    boxes.write_text(json.dumps(content))
    (root / 'data/300w').symlink_to(root / 'data/synthetic')


@pytest.fixture(scope='module')
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp('adapted')


@pytest.fixture(scope='module')
def trained(root: Path, repo: Path) -> Runner:
    """Two iterations of the recipe in narrow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        write_faces(root)
        config = root / 'narrow.py'
        config.write_text(NARROW.format(repo=repo))
        options = TrainOptions(work_dir='out', cfg_options=ONE_PROCESS, no_validate=True)
        return train(config, options)


def logged(runner: Runner, name: str) -> list[float]:
    return list(runner.message_hub.get_scalar(f'train/{name}').data[0])


def test_it_trains_on_labels_and_on_its_teacher(trained: Runner) -> None:
    assert trained.iter == STEPS
    for name in ('loss_refined', 'loss_refined_pseudo', 'loss_score_pseudo', 'confidence'):
        values = logged(trained, name)
        assert len(values) == STEPS and all(math.isfinite(v) and v > 0 for v in values), name


def test_the_teacher_is_the_average_and_is_what_is_saved(trained: Runner, root: Path) -> None:
    hook = next(hook for hook in trained.hooks if type(hook).__name__ == 'TeacherHook')
    (teacher,) = trained.model._teacher
    assert teacher is hook.ema_model.module
    assert not any(p.requires_grad for p in teacher.parameters())
    saved = load_checkpoint(root / f'out/iter_{STEPS}.pth')['state_dict']
    for name, value in teacher.state_dict().items():
        torch.testing.assert_close(saved[name], value)


def test_the_average_follows_the_student(trained: Runner) -> None:
    """One more step by hand: average ← (1 - m) · average + m · student."""
    hook = next(hook for hook in trained.hooks if type(hook).__name__ == 'TeacherHook')
    (teacher,) = trained.model._teacher
    name, before = next(iter((n, p.clone()) for n, p in teacher.named_parameters()))
    with torch.no_grad():
        student = dict(trained.model.named_parameters())[name]
        student.add_(1.0)
    average = hook.ema_model
    rate = (1 - average.momentum) * math.exp(-(1 + int(average.steps)) / average.gamma)
    rate += average.momentum
    average.update_parameters(trained.model)
    after = dict(teacher.named_parameters())[name]
    torch.testing.assert_close(after, (1 - rate) * before + rate * student)


def test_the_ramp_rises(trained: Runner) -> None:
    hook = next(hook for hook in trained.hooks if type(hook).__name__ == 'TeacherHook')
    hook.before_train_iter(trained, 0)
    assert 0 < trained.model.ramp < 0.1  # two of a hundred iterations


def test_a_model_that_takes_no_teacher_is_named() -> None:
    hook: Any = HOOKS.build(dict(type='TeacherHook', ema_type='ExpMomentumEMA'))
    model = torch.nn.Linear(2, 2)

    class Stub:
        max_epochs, max_iters = 1, 1

    Stub.model = model
    hook.before_run(Stub)
    with pytest.raises(UserError, match='Linear takes no teacher'):
        hook.before_train(Stub)
