"""Errors that the machine's limits cause name the setting that asks for less."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip('mmengine')
from fanet_mmpose.engine.run_causes import explain_cause  # noqa: E402

LOADER = SimpleNamespace(num_workers=7, batch_size=64, timeout=9)


@pytest.mark.parametrize(
    ('error', 'said'),
    [
        (RuntimeError('DataLoader worker (pid(s) 3, 4) exited unexpectedly'),
         'num_workers (now 7)'),
        (RuntimeError('DataLoader worker (pid 3) is killed by signal: Killed. '),
         'num_workers (now 7)'),
        (RuntimeError('DataLoader timed out after 9 seconds'), 'timeout (now 9 s)'),
        (RuntimeError('CUDA out of memory. Tried to allocate 2 GiB'), 'batch_size (now 64)'),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
         'batch_size (now 64)'),
        (MemoryError(), 'batch_size (now 64)'),
        (OSError(24, 'Too many open files'), 'ulimit -n'),
        (RuntimeError("can't start new thread"), 'ulimit -u'),
        (ValueError('Expected more than 1 value per channel when training, got input size'),
         'drop_last=True'),
    ],
)  # fmt: skip
def test_the_setting_is_named(error: Exception, said: str) -> None:
    assert said in explain_cause(error, LOADER, 'train_dataloader')


def test_other_errors_have_no_such_cause() -> None:
    assert explain_cause(ValueError('a worker of memory'), LOADER, 'train_dataloader') is None
    assert 'batch_size (now 0)' in explain_cause(MemoryError(), None, 'val_dataloader')
