"""Kill a training again and again, resume it each time, and compare it with one left alone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from fanet_mmpose.engine.checkpoint import read_checkpoint
from fanet_mmpose.engine.newest_checkpoint import newest_checkpoint

# A server that has imported everything starts a training in a moment.
FORKS = multiprocessing.get_context('forkserver')
FORKS.set_forkserver_preload(['fanet_mmpose.plugin', 'fanet_mmpose.engine.launch', 'mmpose.apis'])
DEADLINE = 600.0  # s, for any one training


@dataclass(frozen=True)
class Kill:
    """What one kill cost.

    Args:
        moment: when: 'anywhere', or 'writing' a checkpoint.
        running: epoch that was running, from 1 on; 0 before the first.
        kept: epochs in the checkpoint that the next training goes on from.
    """

    moment: str
    running: int
    kept: int

    @property
    def lost(self) -> int:
        """Epochs to be done anew, the running one included."""
        return max(self.running - self.kept, 0)


def train_here(config: Path, work_dir: Path, log: Path, slow: float) -> None:
    """What a child does: resume what there is; `slow` seconds at every bringing to the disk."""
    from fanet_mmpose.engine import durable_file
    from fanet_mmpose.engine.launch import train
    from fanet_mmpose.engine.options import TrainOptions

    torch.set_num_threads(1)
    sync = os.fsync

    def slow_sync(descriptor: int) -> None:
        time.sleep(slow)
        sync(descriptor)

    durable_file.os.fsync = slow_sync
    with log.open('a') as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        train(config, TrainOptions(work_dir=str(work_dir), resume='auto'))


def start(config: Path, work_dir: Path, slow: float = 0.0) -> Any:
    """Start a training in a process of its own; it goes on where the last one was."""
    work_dir.mkdir(exist_ok=True)
    process = FORKS.Process(
        target=train_here, args=(config, work_dir, work_dir.with_suffix('.log'), slow)
    )
    process.start()
    return process


def finish(config: Path, work_dir: Path) -> None:
    """Train to the end."""
    process = start(config, work_dir)
    process.join(DEADLINE)
    assert process.exitcode == 0, work_dir.with_suffix('.log').read_text()[-3000:]


def iterations(log: Path) -> int:
    """How many iterations a log has."""
    return log.read_text().count('Epoch(train)') if log.exists() else 0


def running_epoch(work_dir: Path) -> int:
    """The epoch in the last line that the log has of an iteration."""
    found = re.findall(r'Epoch\(train\) +\[(\d+)\]', work_dir.with_suffix('.log').read_text())
    return int(found[-1]) if found else 0


def wait_until(done: Callable[[], bool], process: Any, seconds: float = DEADLINE) -> None:
    """Look every millisecond, as long as the process lives."""
    end = time.monotonic() + seconds
    while process.is_alive() and not done() and time.monotonic() < end:
        time.sleep(0.001)


def kill_once(config: Path, work_dir: Path, moment: str, draw: random.Random) -> Kill | None:
    """Start, kill, and say what was lost; None where training was over before."""
    log = work_dir.with_suffix('.log')
    seen = iterations(log)
    process = start(config, work_dir, slow=0.1)
    if moment == 'writing':
        # Checkpoint, best checkpoint or pointer; within the writing of its bytes, the bringing to
        # the disk, the renaming, or the deleting after it.
        wait_until(lambda: any(work_dir.glob('.*.partial')), process)
        time.sleep(draw.uniform(0, 0.5))
    else:
        more = draw.randrange(0, 8)
        wait_until(
            lambda: log.exists() and log.read_text().count('Epoch(train)') > seen + more, process
        )
        time.sleep(draw.uniform(0, 0.3))
    if not process.is_alive():
        return None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    newest = newest_checkpoint(work_dir)
    kept = read_checkpoint(newest)['meta']['epoch'] if newest else 0
    return Kill(moment, running_epoch(work_dir), kept)


def kill_again_and_again(
    config: Path, work_dir: Path, moments: Sequence[str], seed: int = 0
) -> list[Kill]:
    """Kill one training at several moments, one after the other, then let it finish."""
    draw = random.Random(seed)
    kills = [kill_once(config, work_dir, moment, draw) for moment in moments]
    finish(config, work_dir)
    return [kill for kill in kills if kill is not None]


def differences(a: Any, b: Any, name: str = '') -> list[str]:
    """Names of what is not the same, bit for bit, in two trees of tensors and numbers."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if a.keys() != b.keys():
            return [name]
        return [d for key in a for d in differences(a[key], b[key], f'{name}.{key}')]
    if isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b):
        return [
            d
            for i, pair in enumerate(zip(a, b, strict=True))
            for d in differences(*pair, f'{name}.{i}')
        ]
    same = torch.equal(a, b) if torch.is_tensor(a) and torch.is_tensor(b) else a == b
    return [] if same else [name]


PARTS = ('state_dict', 'ema_state_dict', 'optimizer', 'param_schedulers')


def compare(one: Path, other: Path) -> list[str]:
    """What differs between the checkpoints that two trainings ended with, the best ones too."""
    found = []
    names = sorted(path.name for path in one.glob('*.pth'))
    if names != sorted(path.name for path in other.glob('*.pth')):
        return ['names of the files']
    for name in names:
        a, b = read_checkpoint(one / name), read_checkpoint(other / name)
        parts = [part for part in PARTS if part in a or part in b]
        found += [
            d for part in parts for d in differences(a.get(part), b.get(part), f'{name}:{part}')
        ]
    return found
