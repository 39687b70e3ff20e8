"""Workers of a killed training end, also those that were handing a batch over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Batches larger than a pipe holds, which nobody takes: both workers are writing.
PROGRAM = """
import multiprocessing, sys, time
from torch.utils.data import DataLoader
from fanet_mmpose.engine import end_workers_hook
from fanet_mmpose.engine.end_workers_hook import EndWithParent

class Large:
    def __len__(self):
        return 1000

    def __getitem__(self, index):
        return bytes(200_000)

{prelude}
loader = DataLoader(Large(), 1, num_workers=2, collate_fn=list, worker_init_fn=EndWithParent())
batches = iter(loader)
next(batches)
print(*[worker.pid for worker in multiprocessing.active_children()], flush=True)
time.sleep(600)
"""
KERNEL = ''
WATCHING = "end_workers_hook.sys = type('', (), dict(platform='other'))"  # without prctl


def is_alive(pid: int) -> bool:
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0] != 'Z'
    except OSError:
        return False


@pytest.mark.skipif(not Path('/proc/self/stat').exists(), reason='looks processes up in /proc')
@pytest.mark.parametrize('prelude', [KERNEL, WATCHING], ids=['kernel', 'watching'])
def test_workers_end_with_a_killed_parent(repo: Path, prelude: str) -> None:
    trainer = subprocess.Popen(
        [sys.executable, '-c', PROGRAM.format(prelude=prelude)],
        stdout=subprocess.PIPE, text=True, env=dict(os.environ, PYTHONPATH=str(repo)),
    )  # fmt: skip
    workers = [int(pid) for pid in trainer.stdout.readline().split()]
    trainer.stdout.close()
    assert len(workers) == 2
    time.sleep(0.5)  # until the pipe is full
    trainer.kill()
    trainer.wait()
    for _ in range(300):
        left = [pid for pid in workers if is_alive(pid)]
        if not left:
            return
        time.sleep(0.2)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    pytest.fail(f'{len(left)} workers live on')
