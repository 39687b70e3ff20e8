"""The part of a config that was at work is found by its object, or by its lines of code."""

from __future__ import annotations

import traceback
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip('mmengine')
from torch import nn  # noqa: E402

from fanet_mmpose.engine.error_origin import frames_of  # noqa: E402
from fanet_mmpose.engine.run_parts import (  # noqa: E402
    loop_of,
    part_at_work,
    part_in_text,
    parts_of_runner,
)


class Step:
    def __call__(self, sample: dict) -> dict:
        return self.transform(sample)

    def transform(self, sample: dict) -> dict:
        return sample


class Turn(Step):
    def transform(self, sample: dict) -> dict:
        return sample['angle']


class Faces:
    def __init__(self, *steps: Step) -> None:
        self.pipeline = SimpleNamespace(transforms=steps)

    def __getitem__(self, index: int) -> Any:
        sample = {}
        for step in self.pipeline.transforms:
            sample = step(sample)
        return sample


class Loop:
    def __init__(self, dataset: Any) -> None:
        self.dataloader = SimpleNamespace(dataset=dataset)

    def run(self) -> Any:
        return self.dataloader.dataset[0]


class Head(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.loss_module = nn.L1Loss()


def runner_with(dataset: Any) -> Any:
    model = nn.Sequential()
    model.add_module('head', Head())
    return SimpleNamespace(model=model, hooks=[], optim_wrapper=None, _train_loop=Loop(dataset),
                           _val_loop=None, _test_loop=None)  # fmt: skip


def failure(runner: Any) -> KeyError:
    with pytest.raises(KeyError) as caught:
        runner._train_loop.run()
    return caught.value


def test_places_are_those_of_the_config() -> None:
    joined = SimpleNamespace(datasets=[Faces(Step()), SimpleNamespace(dataset=Faces(Turn()))])
    places = [part.place for part in parts_of_runner(runner_with(joined))]
    assert places[:3] == ['model', 'model.head', 'model.head.loss']
    assert 'train_dataloader.dataset.datasets[0].pipeline[0]' in places
    assert 'train_dataloader.dataset.datasets[1].dataset.pipeline[0]' in places


def test_the_innermost_part_by_its_object() -> None:
    runner = runner_with(Faces(Step(), Turn()))
    frames = [*frames_of(failure(runner).__traceback__)]
    part = part_at_work(frames, parts_of_runner(runner))
    assert str(part) == 'train_dataloader.dataset.pipeline[1] (Turn)'
    assert loop_of(frames, runner) == 'train'
    assert loop_of(frames[:1], runner) is None


def test_the_innermost_part_by_its_lines() -> None:
    runner = runner_with(Faces(Step(), Turn()))
    text = ''.join(traceback.format_exception(failure(runner)))
    part = part_in_text(text, parts_of_runner(runner))
    assert str(part) == 'train_dataloader.dataset.pipeline[1] (Turn)'
    assert part_in_text('File "other.py", line 3, in transform', parts_of_runner(runner)) is None
