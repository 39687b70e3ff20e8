"""A run that stops names the part that does not fit; the traceback is in the log file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

pytest.importorskip('mmengine')
from helpers.toy_runner import Line, Numbers, toy_runner  # noqa: E402
from mmengine.hooks import Hook  # noqa: E402
from mmengine.model import BaseModel  # noqa: E402
from torch import nn  # noqa: E402

import fanet_mmpose.engine.durable_checkpoint_hook  # noqa: E402, F401  registers it
from fanet_mmpose.engine import error_origin  # noqa: E402
from fanet_mmpose.engine.run_errors import explaining_run  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


class Broken(Numbers):
    """The third of the numbers cannot be had."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        if index == 2:
            raise self.error
        return super().__getitem__(index)


class Head(nn.Module):
    def __init__(self, error: Exception | None) -> None:
        super().__init__()
        self.layer, self.loss_module, self.error = nn.Linear(1, 2), nn.BCELoss(), error

    def forward(self, inputs: torch.Tensor) -> dict[str, torch.Tensor]:
        if self.error:
            raise self.error
        return dict(loss=self.loss_module(self.layer(inputs), inputs))


class Headed(BaseModel):
    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.head = Head(error)

    def forward(self, inputs: Any, mode: str = 'tensor') -> Any:
        return self.head(torch.stack(list(inputs)))


class Failing(Hook):
    def after_train_iter(self, *_: Any, **__: Any) -> None:
        raise ValueError('no')


def sentence(folder: Path, **settings: Any) -> str:
    runner = toy_runner(folder, 1, **settings)
    with pytest.raises(UserError) as caught, explaining_run(runner):
        runner.train()
    said, _, log = str(caught.value).removesuffix(')').partition(' (traceback: ')
    assert 'Traceback (most recent call last)' in Path(log).read_text()
    assert '\n' not in said
    return said


def test_a_loss_that_does_not_fit(tmp_path: Path) -> None:
    said = sentence(tmp_path, model=Headed())
    assert said.startswith('model.head.loss (BCELoss) fails in iteration 1 (ValueError: Using a')
    assert said.endswith(
        'choose a loss for what this head predicts and for the targets of its codec'
    )


@pytest.mark.parametrize('workers', [0, 1])
def test_a_dataset_that_fails(tmp_path: Path, workers: int) -> None:
    broken = dict(dataset=Broken(ValueError('number 2 is bad')), num_workers=workers)
    said = sentence(
        tmp_path, loader=dict(broken, sampler=dict(type='DefaultSampler', shuffle=False))
    )
    assert said.startswith(
        'train_dataloader.dataset (Broken) fails in iteration 1 (ValueError: number 2 is bad'
    )


def test_a_field_that_no_step_gives(tmp_path: Path) -> None:
    error = AttributeError("'PixelData' object has no attribute 'heatmaps'")
    assert sentence(tmp_path, model=Headed(error)) == (
        'model.head (Head) needs heatmaps, which no step before it gives: add GenerateTarget with '
        'the codec of the head before it'
    )
    said = sentence(tmp_path, model=Headed(KeyError('bbox_center')))
    assert said.endswith('add GetBBoxCenterScale before it')


def test_memory_and_hooks(tmp_path: Path) -> None:
    said = sentence(tmp_path, loader=dict(dataset=Broken(MemoryError())))
    assert 'set train_dataloader.batch_size (now 4) lower' in said
    assert 'a hook (Failing) fails' in sentence(tmp_path, custom_hooks=[Failing()])


def stays(runner: Any, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, explaining_run(runner):
        runner.train()
    assert caught.value is error


def test_what_others_explain_stays(tmp_path: Path) -> None:
    for error in (UserError('known'), OSError(28, 'No space left on device')):
        stays(toy_runner(tmp_path, 1, model=Headed(error)), error)


def test_our_own_errors_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_origin, 'PACKAGE', Path(__file__).parent)
    error = TypeError('as if the head were of the package')
    stays(toy_runner(tmp_path, 1, model=Headed(error)), error)
    shapes = RuntimeError('The size of tensor a (68) must match the size of tensor b (29)')
    assert 'model.head (Head) fails' in sentence(tmp_path, model=Headed(shapes))


def test_a_run_that_ends_well(tmp_path: Path) -> None:
    runner = toy_runner(tmp_path, 1, model=Line())
    with explaining_run(runner):
        runner.train()
    assert runner.epoch == 1
