"""A Ray cluster of two nodes on this machine: each a `ray start` of its own on 127.0.0.1."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from helpers.corpus import wait_for

REPO = Path(__file__).resolve().parents[2]
RAY_START = Path(__file__).with_name('ray_node.py')
STORE = 80 << 20  # bytes of an object store; 75 MB is Ray's least
QUICK = {  # a dead node is found in seconds
    'RAY_health_check_initial_delay_ms': '1000',
    'RAY_health_check_period_ms': '1000',
    'RAY_health_check_timeout_ms': '10000',
    'RAY_health_check_failure_threshold': '5',
}
ENVIRONMENT = {
    **QUICK,
    'RAY_USAGE_STATS_ENABLED': '0',
    'RAY_enable_metrics_collection': '0',
    'OMP_NUM_THREADS': '1',
}


def free_ports(count: int) -> list[int]:
    """Below those that Ray gives to its workers (10002 to 19999)."""
    found: list[int] = []
    with ExitStack() as stack:
        for port in range(20000 + os.getpid() % 10000, 32000):
            with suppress(OSError):
                stack.enter_context(socket.socket()).bind(('127.0.0.1', port))
                found.append(port)
            if len(found) == count:
                break
    return found


class Node:
    """A running `ray start --block` with one core.

    Args:
        path: of Python, before the package.
        log: file for what it says.
        port: a free one, for Ray's agent.
        arguments: of `ray start`.
    """

    def __init__(self, path: Path, log: Path, port: int, *arguments: str) -> None:
        with log.open('w') as file:
            self._process = subprocess.Popen(
                [sys.executable, str(RAY_START), 'start', '--block', '--node-ip-address=127.0.0.1',
                 f'--runtime-env-agent-port={port}', '--num-cpus=1',
                 f'--object-store-memory={STORE}', *arguments],
                stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT, 'PYTHONPATH': os.pathsep.join(
                    map(str, (path, REPO)))},
            )  # fmt: skip
        wait_for(lambda: 'Ray runtime started' in self._said(log))

    def kill(self) -> None:
        """As a power cut: all its processes at once, Ray's own and those of its actors."""
        if self._process.poll() is not None:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped, none starts another
            for pid in _family(self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        self._process.wait()

    def _said(self, log: Path) -> str:
        said = log.read_text(errors='replace')
        assert self._process.poll() is None, said
        return said


class Cluster:
    """A head and a second node; `address` is the head's.

    Args:
        folder: for Ray's files.
        path: of the nodes' Python, before the package.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        port, *ports = free_ports(3)
        self.address = f'127.0.0.1:{port}'
        head = ('--head', f'--port={port}', '--include-dashboard=false', f'--temp-dir={folder}')
        self.nodes: list[Node] = []
        try:
            for name, arguments in (('head', head), ('node', (f'--address={self.address}',))):
                log = folder / f'{name}.log'
                self.nodes.append(Node(path, log, ports.pop(), *arguments))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End what still runs."""
        for node in self.nodes:
            node.kill()


def start_cluster(folder: Path, path: Path, tries: int = 3) -> Cluster:
    """A `Cluster`, on other ports if a node does not come up: Ray has time-outs for its start."""
    for number in range(tries):
        own = folder / str(number)
        own.mkdir()
        try:
            return Cluster(own, path)
        except AssertionError:
            if number == tries - 1:
                raise
    raise AssertionError('no try')


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    pids = [pid]
    for children in Path(f'/proc/{pid}/task').glob('*/children'):
        with suppress(OSError):
            for child in children.read_text().split():
                pids += _family(int(child))
    return pids
