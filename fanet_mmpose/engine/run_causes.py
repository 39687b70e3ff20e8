"""Runs that end for lack of memory, workers or open files, and the setting that needs less."""

from __future__ import annotations

import re
from typing import Any

FIELDS = ('num_workers', 'batch_size', 'timeout')
# Words of PyTorch's, NumPy's, OpenCV's and the system's errors, and what to set.
CAUSES = (
    (
        r'worker \(pid.* (exited unexpectedly|is killed by signal)',
        'a loader worker was killed, most often by the system when memory ran out: set '
        '{loader}.num_workers (now {num_workers}) or {loader}.batch_size (now {batch_size}) lower, '
        'then go on with --resume',
    ),
    (
        r'DataLoader timed out after',
        'no batch came within {loader}.timeout (now {timeout} s): set it to 0 or higher, or set '
        '{loader}.num_workers (now {num_workers}) higher',
    ),
    (
        r"out of memory|can't allocate memory|not enough memory|Unable to allocate|"
        r'Cannot allocate memory|Insufficient memory|MemoryError',
        'the memory is full: set {loader}.batch_size (now {batch_size}) lower, or a smaller '
        'input_size',
    ),
    (
        r'Too many open files|received 0 items of ancdata',
        'too many files are open: set {loader}.num_workers (now {num_workers}) lower, or raise '
        'the limit of the shell (ulimit -n 65536)',
    ),
    (
        r"can't start new thread|Resource temporarily unavailable",
        'the system allows no more processes or threads: set {loader}.num_workers (now '
        '{num_workers}) lower, or raise the limit of the shell (ulimit -u)',
    ),
    (
        r'Expected more than 1 value per channel when training',
        'a batch of one face is too small for batch normalisation: set {loader}.batch_size (now '
        '{batch_size}) to 2 or more, and {loader}.drop_last=True for the last batch',
    ),
)


def explain_cause(error: BaseException, loader: Any, name: str) -> str | None:
    """The sentence for an error that the machine's limits cause, or None for another.

    Args:
        error: what was raised.
        loader: PyTorch's loader in use.
        name: where the config has it, such as `train_dataloader`.
    """
    words = f'{type(error).__name__}: {error}'
    values = {field: getattr(loader, field, 0) for field in FIELDS}
    for pattern, sentence in CAUSES:
        if re.search(pattern, words):
            return sentence.format(loader=name, **values)
    return None
