"""A Ray cluster of some nodes on this machine: each a `ray start` of its own on 127.0.0.1."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.corpus import wait_for

REPO = Path(__file__).resolve().parents[2]
RAY_START = Path(__file__).with_name('ray_node.py')
PATIENCE = 600  # seconds for a busy machine
STORE = 80 << 20  # bytes of an object store; 75 MB is Ray's least
QUICK = {  # a dead node is found in seconds
    'RAY_health_check_initial_delay_ms': '1000',
    'RAY_health_check_period_ms': '1000',
    'RAY_health_check_timeout_ms': '10000',
    'RAY_health_check_failure_threshold': '5',
}
# Without it a head takes a token that an earlier `ray.init()` left in the home folder, and refuses
# nodes and drivers, which do not look there.
TOKEN = {'RAY_AUTH_MODE': 'token', 'RAY_AUTH_TOKEN': secrets.token_hex(32)}
# Ray would look for 127.0.0.1 at the address that other machines see.
DRIVER = {**TOKEN, 'RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER': '0'}
ENVIRONMENT = {
    **QUICK,
    **TOKEN,
    'RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER': '1',  # a driver's 0 forbids second nodes
    'RAY_USAGE_STATS_ENABLED': '0',
    'RAY_enable_metrics_collection': '0',
    'RAY_worker_niceness': '0',  # 15 by default: on a busy machine actors would hardly run
    'RAY_agent_register_timeout_ms': '120000',  # of a busy machine
    'RAY_worker_register_timeout_seconds': '120',
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
                 f'--object-store-memory={STORE}', '--include-log-monitor=false', *arguments],
                stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT, 'PYTHONPATH': os.pathsep.join(
                    map(str, (path, REPO)))},
            )  # fmt: skip
        wait_for(lambda: 'Ray runtime started' in self._said(log), PATIENCE)

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
    """A head and other nodes; `address` is the head's.

    Args:
        folder: for Ray's files.
        path: of the nodes' Python, before the package.
        size: how many nodes.
    """

    def __init__(self, folder: Path, path: Path, size: int) -> None:
        port, *ports = free_ports(1 + size)
        self.address = f'127.0.0.1:{port}'
        head = ('--head', f'--port={port}', '--include-dashboard=false', '--no-monitor',
                f'--temp-dir={folder}')  # fmt: skip
        self.nodes: list[Node] = []
        try:
            for number, own in enumerate(ports):
                arguments = (f'--address={self.address}',) if number else head
                self.nodes.append(Node(path, folder / f'{number}.log', own, *arguments))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End what still runs."""
        for node in self.nodes:
            node.kill()


@contextmanager
def running_cluster(path: Path, size: int) -> Iterator[Cluster]:
    """A `Cluster` whose processes and files are gone at the end."""
    # A path of pytest's would be too long for Ray's sockets.
    with TemporaryDirectory(prefix='ray') as folder:
        cluster = Cluster(Path(folder), path, size)
        try:
            yield cluster
        finally:
            cluster.stop()


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    pids = [pid]
    for children in Path(f'/proc/{pid}/task').glob('*/children'):
        with suppress(OSError):
            for child in children.read_text().split():
                pids += _family(int(child))
    return pids
