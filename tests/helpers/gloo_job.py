"""Processes on this machine that talk by gloo, forked from a server that has imported all."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from helpers.killed_training import FORKS

DEADLINE = 300.0  # s


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return str(probe.getsockname()[1])


def as_rank(rank: int, world: int, port: str, log: Path, target: Any, arguments: tuple) -> None:
    """What a process does: what torchrun tells it, then `target`."""
    os.environ.update(
        RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE=str(world),
        MASTER_ADDR='127.0.0.1', MASTER_PORT=port,
    )  # fmt: skip
    torch.set_num_threads(1)
    with log.open('a') as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        target(*arguments)


def run_ranks(world: int, folder: Path, target: Any, *arguments: Any) -> list[str]:
    """Run `target(*arguments)` in `world` processes to its end; what each printed."""
    folder.mkdir(parents=True, exist_ok=True)
    logs = [folder / f'rank_{rank}.log' for rank in range(world)]
    port = free_port()
    ranks = [
        FORKS.Process(target=as_rank, args=(rank, world, port, log, target, arguments))
        for rank, log in enumerate(logs)
    ]
    for process in ranks:
        process.start()
    codes = wait_for(ranks)
    texts = [log.read_text() for log in logs]
    assert codes == [0] * world, '\n'.join(text[-3000:] for text in texts)
    return texts


def wait_for(ranks: Sequence[Any]) -> list[int]:
    """Exit codes; a job in which one fails is ended."""
    try:
        for process in ranks:
            process.join(DEADLINE)
            if process.exitcode != 0:
                break
    finally:
        for process in ranks:
            if process.is_alive():
                process.join(10)
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                process.join()
    return [process.exitcode for process in ranks]


def train_ranks(config: Path, work_dir: Path, options: dict[str, Any]) -> None:
    """A target: train with the launcher that torchrun's variables are for."""
    from fanet_mmpose.engine.launch import train
    from fanet_mmpose.engine.options import TrainOptions
    from fanet_mmpose.engine.processes import leave_group

    train(config, TrainOptions(work_dir=str(work_dir), launcher='pytorch', cfg_options=options))
    leave_group()


def test_ranks(config: Path, checkpoint: Path, work_dir: Path, out: Path) -> None:
    """A target: evaluate."""
    from fanet_mmpose.engine.launch import test
    from fanet_mmpose.engine.options import TestOptions
    from fanet_mmpose.engine.processes import leave_group

    os.chdir(work_dir)  # MMEngine collects results below the current folder
    test(
        config, str(checkpoint),
        TestOptions(work_dir=str(work_dir), launcher='pytorch', out=str(out)),
    )  # fmt: skip
    leave_group()


test_ranks.__test__ = False  # not a test case, whatever pytest thinks of its name
