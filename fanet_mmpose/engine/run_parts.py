"""Which part of a config was at work when a running training or test stopped."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from mmengine.runner import Runner
from torch import nn

LOOPS = ('train', 'val', 'test')
# How PyTorch writes the frames of an error in a loader worker, which is another process.
WRITTEN = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>\w+)')


@dataclass(frozen=True, eq=False)
class Part:
    """Something that a config built: where the config has it, such as `model.head`, and itself."""

    place: str
    built: Any

    def __str__(self) -> str:
        return f'{self.place} ({type(self.built).__name__})'


def model_of(runner: Runner) -> nn.Module:
    """The model without the wrapper that it has in several processes."""
    return getattr(runner.model, 'module', runner.model)


def parts_of_runner(runner: Runner) -> list[Part]:
    """Model, data, metrics, hooks and optimizer of a runner, the outer before the inner."""
    parts = [*_parts_of_model(model_of(runner))]
    for name in LOOPS:
        loop = getattr(runner, f'_{name}_loop')
        loader = getattr(loop, 'dataloader', None)
        if loader is not None:
            parts += _parts_of_dataset(f'{name}_dataloader.dataset', loader.dataset)
        metrics = getattr(getattr(loop, 'evaluator', None), 'metrics', ())
        parts += [Part(f'{name}_evaluator', metric) for metric in metrics]
    parts += [Part('a hook', hook) for hook in runner.hooks]
    return [*parts, Part('optim_wrapper', runner.optim_wrapper)]


def loop_of(frames: Iterable[FrameType], runner: Runner) -> str | None:
    """Which of `LOOPS` is the innermost that ran; None outside of all."""
    loops = {id(getattr(runner, f'_{name}_loop')): name for name in LOOPS}
    found = [loops[id(one)] for one in owners_of(frames) if id(one) in loops]
    return found[-1] if found else None


def owners_of(frames: Iterable[FrameType]) -> list[Any]:
    """Whose methods the frames run; plain functions are left out."""
    owners = [frame.f_locals.get('self') for frame in frames]
    return [owner for owner in owners if owner is not None]


def part_at_work(frames: Iterable[FrameType], parts: Iterable[Part]) -> Part | None:
    """The innermost of `parts` that ran."""
    known = {id(part.built): part for part in parts}
    found = [known[id(one)] for one in owners_of(frames) if id(one) in known]
    return found[-1] if found else None


def part_in_text(text: str, parts: Iterable[Part]) -> Part | None:
    """`part_at_work` of a traceback that another process wrote.

    It knows lines of code and no objects: of two parts that share them the first is named.
    """
    parts = [*parts]
    for frame in reversed([*WRITTEN.finditer(text)]):
        for part in parts:
            if _has_line(type(part.built), frame):
                return part
    return None


def _has_line(kind: type, frame: re.Match[str]) -> bool:
    """Whether a written frame is in a method of a class, other than a call that all share."""
    for base in kind.__mro__:
        method = vars(base).get(frame['name'])
        code = getattr(inspect.unwrap(method), '__code__', None) if callable(method) else None
        if code is not None and frame['name'] != '__call__' and code.co_filename == frame['file']:
            lines = [line for *_, line in code.co_lines() if line]
            return min(lines) <= int(frame['line']) <= max(lines)
    return False


def _parts_of_model(model: Any) -> Iterator[Part]:
    """The model, its children, and the losses, which a config names inside a head."""
    yield Part('model', model)
    for name, module in model.named_modules():
        if name and ('.' not in name or name.endswith('.loss_module')):
            yield Part(f'model.{name.removesuffix("_module")}', module)


def _parts_of_dataset(place: str, dataset: Any) -> Iterator[Part]:
    yield Part(place, dataset)
    for number, inner in enumerate(getattr(dataset, 'datasets', ())):
        yield from _parts_of_dataset(f'{place}.datasets[{number}]', inner)
    if getattr(dataset, 'dataset', None) is not None:
        yield from _parts_of_dataset(f'{place}.dataset', dataset.dataset)
    steps = getattr(getattr(dataset, 'pipeline', None), 'transforms', ())
    for number, step in enumerate(steps):
        yield Part(f'{place}.pipeline[{number}]', step)
