"""Flags become config the way MMPose's fingers expect."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from helpers.tiny_faces import write_project
from mmengine.config import Config

from fanet_mmpose.engine.configs import (
    load_config,
    merge_resume,
    merge_shared,
    merge_test,
    merge_train,
)
from fanet_mmpose.engine.options import (
    RunOptions,
    TestOptions,
    TrainOptions,
)
from fanet_mmpose.errors import UserError


@pytest.fixture
def cfg(tmp_path: Path) -> Config:
    return load_config(write_project(tmp_path, train=1, test=1))


def test_work_dir_by_command_line_then_config_then_name(cfg: Config) -> None:
    merge_shared(cfg, 'configs/some_name.py', RunOptions())
    assert cfg.work_dir == 'work_dirs/some_name'
    merge_shared(cfg, 'configs/other.py', RunOptions())
    assert cfg.work_dir == 'work_dirs/some_name'
    merge_shared(cfg, 'configs/other.py', RunOptions(work_dir='here'))
    assert cfg.work_dir == 'here'


def test_cfg_options_win(cfg: Config) -> None:
    options = RunOptions(
        work_dir='here', cfg_options={'work_dir': 'there', 'train_cfg.max_iters': 9}
    )
    merge_shared(cfg, 'a.py', options)
    assert (cfg.work_dir, cfg.train_cfg.max_iters) == ('there', 9)


@pytest.mark.parametrize('name', ['work_dir.x', 'custom_hooks.x', 'custom_hooks.5.x'])
def test_a_cfg_option_that_does_not_fit_is_named(cfg: Config, name: str) -> None:
    cfg.custom_hooks, cfg.work_dir = [dict(type='A')], 'there'
    with pytest.raises(UserError, match=f'--cfg-options {name}=1: does not fit'):
        merge_shared(cfg, 'a.py', RunOptions(cfg_options={name: 1}))


def test_pictures_are_switched_on(cfg: Config) -> None:
    merge_shared(cfg, 'a.py', RunOptions(show_dir='pictures', interval=5))
    hook = cfg.default_hooks.visualization
    assert (hook.enable, hook.show, hook.out_dir, hook.interval) == (True, False, 'pictures', 5)
    del cfg.default_hooks['visualization']
    with pytest.raises(UserError, match='default_hooks.visualization'):
        merge_shared(cfg, 'a.py', RunOptions(show=True))


@pytest.mark.parametrize(
    ('resume', 'expected'),
    [
        (None, (False, 'start.pth')),
        ('auto', (False, 'start.pth')),  # nothing there yet: as the config says
        ('c.pth', (True, 'c.pth')),
    ],
)
def test_resume(cfg: Config, resume: str | None, expected: tuple, tmp_path: Path) -> None:
    cfg.work_dir, cfg.load_from = str(tmp_path), 'start.pth'
    merge_resume(cfg, TrainOptions(resume=resume))
    assert (cfg.resume, cfg.load_from) == expected


def test_resume_goes_on_where_a_training_was_left(cfg: Config, tmp_path: Path) -> None:
    (tmp_path / 'last_checkpoint').write_text('epoch_3.pth')
    cfg.work_dir, cfg.load_from = str(tmp_path), 'start.pth'
    merge_resume(cfg, TrainOptions(resume='auto'))
    assert (cfg.resume, cfg.load_from) == (True, 'epoch_3.pth')


def test_no_validate_drops_all_of_validation(cfg: Config) -> None:
    merge_train(cfg, TrainOptions(no_validate=True))
    assert cfg.val_cfg is cfg.val_dataloader is cfg.val_evaluator is None


def test_learning_rate_by_batch_size_needs_the_base(cfg: Config) -> None:
    merge_train(cfg, TrainOptions(auto_scale_lr=True))
    assert cfg.auto_scale_lr.enable
    cfg.pop('auto_scale_lr')
    with pytest.raises(UserError, match='auto_scale_lr.base_batch_size'):
        merge_train(cfg, TrainOptions(auto_scale_lr=True))


@pytest.mark.parametrize(
    ('gpu', 'wrapper', 'expected'),
    [
        (True, 'OptimWrapper', 'AmpOptimWrapper'),
        (True, 'AutocastOptimWrapper', 'AutocastOptimWrapper'),
        (False, 'OptimWrapper', 'AutocastOptimWrapper'),
        (False, 'AmpOptimWrapper', 'AutocastOptimWrapper'),
    ],
)
def test_amp_fits_the_machine(
    cfg: Config, gpu: bool, wrapper: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: gpu)
    cfg.optim_wrapper.update(type=wrapper, loss_scale=512.0)
    merge_train(cfg, TrainOptions(amp=True))
    assert cfg.optim_wrapper.type == expected
    assert ('loss_scale' in cfg.optim_wrapper) == gpu


def test_amp_refuses_what_it_would_replace(cfg: Config) -> None:
    cfg.optim_wrapper.type = 'ApexOptimWrapper'
    with pytest.raises(UserError, match='ApexOptimWrapper'):
        merge_train(cfg, TrainOptions(amp=True))


def test_dump_is_added_to_one_evaluator_or_several(cfg: Config) -> None:
    merge_test(cfg, 'c.pth', TestOptions(dump='a.pkl'))
    merge_test(cfg, 'c.pth', TestOptions(dump='b.pkl'))
    kinds = [metric['type'] for metric in cfg.test_evaluator]
    assert kinds == ['NME', 'DumpResults', 'DumpResults']
