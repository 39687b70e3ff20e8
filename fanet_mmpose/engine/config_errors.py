"""What is wrong with a config ends in one sentence; what is wrong with our code in a traceback.

The parts of a config are built by MMEngine's registries and its runner. An exception on the way is
the config's fault where

1. the host itself refuses: an unknown type, a keyword that the class does not have, a value that a
   class of MMPose, MMEngine or PyTorch does not take; or
2. a class of ours fails and the config gave it a value of another type than it asks for; or
3. one of our constructors hands a value of the config on to the host, which refuses it.

Anything else stays as it is. `FANET_TRACEBACK=1` shows the traceback of a sentence (`errors`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from mmengine.registry import LOOPS, Registry

from fanet_mmpose.engine.argument_types import wrong_argument
from fanet_mmpose.engine.config_fields import nearest
from fanet_mmpose.engine.error_origin import frames_of, is_ours, reason_of
from fanet_mmpose.engine.known_parts import is_known, unknown_part
from fanet_mmpose.errors import UserError, find_user_error

REGISTRY, RUNNER = 'mmengine.registry.build_functions', 'mmengine.runner.runner'
# Kinds of errors that a wrong value causes; others, such as a failing disk, are none of these.
CAUSED = (TypeError, ValueError, LookupError, AssertionError, AttributeError, ArithmeticError,
          RuntimeError, ImportError, FileNotFoundError, MemoryError)  # fmt: skip
KEYWORD = re.compile(
    r"(?:(?P<kind>\w+)\.)?\w+\(\) got an unexpected keyword argument '(?P<name>\w+)'"
)


@contextmanager
def building_parts(config: Mapping[str, Any]) -> Iterator[None]:
    """Around anything that builds parts of `config`.

    Raises:
        UserError: a part cannot be built as the config says; the sentence names part and reason.
    """
    try:
        yield
    except CAUSED as error:
        known = find_user_error(error)
        if known is not None:
            raise known from error
        sentence = explain_build_error(error, config)
        if sentence is None:
            raise
        raise UserError(sentence) from error


def explain_build_error(error: BaseException, config: Mapping[str, Any]) -> str | None:
    """The sentence for an exception while a part was built; None where the config is not at fault.

    `config` is searched for the part's place.
    """
    frames = [*frames_of(error.__traceback__)]
    builders = [at for at, frame in enumerate(frames) if _is_builder(frame)]
    if not builders:
        return None
    builder, inner = frames[builders[-1]], frames[builders[-1] + 1 :]
    part, registry = _part_of(builder)
    where = _place_of(part, config) or builder.f_code.co_name.removeprefix('build_')
    if where in ('__init__', 'from_cfg'):  # the runner's own settings
        where = 'the config'
    asked = part.get('type') if part else None
    if registry is not None and isinstance(asked, str) and not is_known(asked, registry):
        return str(unknown_part(asked, registry, where))
    if part is not None and 'type' not in part and 'type' in str(error):
        return f'{where} has no type: say which class it is'
    kind = builder.f_locals.get('obj_cls')
    name = f'{where} ({getattr(kind, "__name__", asked)})' if kind or asked else where
    return _explain_call(error, kind, part or {}, name, inner)


def _explain_call(
    error: BaseException, kind: Any, part: Mapping[str, Any], name: str, inner: list[FrameType]
) -> str | None:
    keyword = KEYWORD.search(str(error))
    if isinstance(error, TypeError) and keyword and (not inner or keyword['name'] in part):
        kind = kind or LOOPS.module_dict.get(keyword['kind'])
        known = inspect.signature(kind).parameters if callable(kind) else ()
        slip = keyword['name']
        return f'{name} has no setting {slip}{nearest(slip, known)}: correct its name'
    wrong = wrong_argument(kind, part) if kind is not None else None
    if wrong:
        return f'{name}: {wrong}'
    ours = [frame for frame in inner if is_ours(frame)]
    if any(frame.f_code.co_name != '__init__' for frame in ours) or (ours and is_ours(inner[-1])):
        return None
    return f'{name} cannot be built as the config says ({reason_of(error)}): correct its settings'


def _is_builder(frame: FrameType) -> bool:
    """Whether a frame is one of MMEngine's functions that build a part of a config."""
    module, name = frame.f_globals.get('__name__'), frame.f_code.co_name
    if module == REGISTRY:
        return name != 'build_runner_from_cfg'
    return module == RUNNER and (name.startswith('build_') or name in ('from_cfg', '__init__'))


def _part_of(builder: FrameType) -> tuple[Mapping[str, Any] | None, Registry | None]:
    """The part of a config that a builder was called with, and its registry, where it has one."""
    values = builder.f_locals
    for name in ('cfg', 'loop', 'dataloader', 'evaluator', 'scheduler', 'optim_wrapper', 'model'):
        if hasattr(values.get(name), 'get') and builder.f_code.co_name != 'from_cfg':
            return values[name], values.get('registry')
    return None, None


def _place_of(part: Mapping[str, Any] | None, config: Any, where: str = '') -> str | None:
    """Where a config has `part`, such as `model.neck`; None where it is not found."""
    if part is None:
        return None
    if hasattr(config, 'items'):
        children = [(f'{where}.{name}'.lstrip('.'), child) for name, child in config.items()]
        if where and _is_same(part, config):
            return where
    elif isinstance(config, (list, tuple)):
        children = [(f'{where}[{number}]', child) for number, child in enumerate(config)]
    else:
        return None
    found = (_place_of(part, child, name) for name, child in children)
    return next((place for place in found if place), None)


def _is_same(part: Mapping[str, Any], candidate: Any) -> bool:
    """Whether two mappings say the same; hosts add settings to copies before they build."""
    try:
        shared = all(name in part and bool(part[name] == candidate[name]) for name in candidate)
    except (RuntimeError, ValueError):  # arrays, which have no single truth
        return False
    return shared and len(candidate) > 0
