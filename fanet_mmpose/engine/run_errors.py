"""What stops a running training or test ends in one sentence that names a setting.

`config_errors` explains what cannot be built; this module explains what was built and does not fit:
a loss and its targets, a transform and what the step before it gives, a batch and the memory. An
error of our own code stays a traceback, as there. The traceback of a sentence is in the log file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from mmengine.runner import Runner

from fanet_mmpose.engine.error_origin import frames_of, is_our_file, is_ours, reason_of
from fanet_mmpose.engine.processes import is_lost_peer
from fanet_mmpose.engine.run_causes import explain_cause
from fanet_mmpose.engine.run_parts import (
    WRITTEN,
    Part,
    loop_of,
    part_at_work,
    part_in_text,
    parts_of_runner,
)
from fanet_mmpose.errors import UserError, find_user_error
from fanet_mmpose.files import FULL

WORKER = 'Original Traceback'  # begins what PyTorch brings out of a loader worker
NO_FIELD = re.compile(r"'\w*(?:Data|Sample)' object has no attribute '(\w+)'")
# Shapes and kinds of tensors come from a config, also where our code computes with them.
TENSORS = re.compile(
    r'size of tensor|shapes? |size mismatch|mat1 and mat2|Given groups|Expected|expected|'
    r'dimension|doesn.t match|must match|Sizes of tensors|stack|broadcast|same size'
)
GIVERS = {  # what a pipeline's steps need of those before them
    'img': 'LoadFaceImage', 'bbox_center': 'GetBBoxCenterScale', 'bbox_scale': 'GetBBoxCenterScale',
    'input_size': 'TopdownAffine', 'input_center': 'TopdownAffine', 'warp_mat': 'TopdownAffine',
    'inputs': 'PackPoseInputs', 'data_samples': 'PackPoseInputs',
}  # fmt: skip
WAYS = {
    'model.data_preprocessor': 'the pipeline must end with crops of one size and PackPoseInputs',
    'model.head.loss': 'choose a loss for what this head predicts and for the targets of its codec',
    'model.head': 'head, loss, decoder and the encoder of GenerateTarget must be of one kind',
    'model': 'the parts of the model must fit each other',
}


@contextmanager
def explaining_run(runner: Runner) -> Iterator[None]:
    """Around `runner.train()` and `runner.test()`.

    Raises:
        UserError: the config or the machine is at fault; the traceback is in the log file.
    """
    try:
        yield
    except Exception as error:
        sentence = None if find_user_error(error) else explain_run_error(error, runner)
        if sentence is None:
            raise
        log = _keep_traceback(runner, error)
        raise UserError(f'{sentence} (traceback: {log})' if log else sentence) from error


def explain_run_error(error: Exception, runner: Runner) -> str | None:
    """The sentence for an exception of a running loop; None where the config is not at fault."""
    if is_lost_peer(error) or getattr(error, 'errno', None) in FULL:
        return None
    frames = [*frames_of(error.__traceback__)]
    loop = loop_of(frames, runner)
    loader = getattr(getattr(runner, f'_{loop}_loop', None), 'dataloader', None)
    cause = explain_cause(error, loader, f'{loop or "train"}_dataloader')
    if cause is not None:
        return cause
    text = str(error) if WORKER in str(error) else ''
    parts = parts_of_runner(runner)
    part = part_in_text(text, parts) if text else part_at_work(frames, parts)
    if part is None:
        return None
    reason = _reason(error, text)
    field = _missing_field(error, reason, part)
    if field is None and _is_ours_alone(frames, text) and not TENSORS.search(reason):
        return None
    when = {'val': 'the validation', 'test': 'the test'}.get(loop, f'iteration {runner.iter + 1}')
    return _sentence(part, reason, field, when)


def _sentence(part: Part, reason: str, field: str | None, when: str) -> str:
    if field is not None:
        giver = GIVERS.get(field, 'GenerateTarget with the codec of the head')
        return f'{part} needs {field}, which no step before it gives: add {giver} before it'
    way = WAYS.get(part.place, 'correct its settings, or what is given to it')
    return f'{part} fails in {when} ({reason}): {way}'


def _reason(error: Exception, text: str) -> str:
    """Kind and message, also of an error that a worker wrote down, where they are the last line."""
    return text.strip().splitlines()[-1][:300].rstrip('.') if text else reason_of(error)


def _missing_field(error: Exception, reason: str, part: Part) -> str | None:
    """Which field of a sample a part asked for in vain, or None for another error."""
    found = NO_FIELD.search(reason)
    if found:
        return found[1].lstrip('_')
    asked = re.fullmatch(r"KeyError: '(\w+)'", reason)
    is_step = '.pipeline[' in part.place or part.place.startswith('model')
    return asked[1] if asked and is_step and isinstance(error, KeyError) else None


def _is_ours_alone(frames: list[FrameType], text: str) -> bool:
    """Whether the innermost line is of this package."""
    written = [*WRITTEN.finditer(text)]
    return is_our_file(written[-1]['file']) if written else is_ours(frames[-1])


def _keep_traceback(runner: Runner, error: Exception) -> Path | None:
    """Write a traceback into the log file and not to the console; where it is, if there is one."""
    record = logging.LogRecord(
        runner.logger.name, logging.ERROR, __file__, 0, 'the run stopped', None,
        (type(error), error, error.__traceback__),
    )  # fmt: skip
    for handler in runner.logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handle(record)
            return Path(handler.baseFilename)
    return None
