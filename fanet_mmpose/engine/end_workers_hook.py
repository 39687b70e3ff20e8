"""EndWorkersHook: loader workers end with the training process, however that ends.

A worker of torch's checks whether its parent lives only while it waits for work. If the parent is
killed while the worker sends a batch (larger than a pipe's 64 kB), the worker waits for ever: for
room in the pipe, which its sibling keeps open, or for the lock that the sibling holds; at exit
Python waits for the thread that writes.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch.utils.data import DataLoader

PR_SET_PDEATHSIG = 1  # Linux's prctl: the signal that a process gets when its parent dies
POLL_SECONDS = 1.0  # between two checks of the parent, where the kernel sends no signal


class EndWithParent:
    """A `worker_init_fn` that makes a worker end with the process that started it.

    Args:
        then: the loader's own `worker_init_fn`.
    """

    def __init__(self, then: Callable[[int], None] | None = None) -> None:
        self.then = then
        # To the kernel a parent is the thread that forks, which must not end before the process.
        self.from_main = threading.current_thread() is threading.main_thread()

    def __call__(self, worker_id: int) -> None:
        end_with_parent(self.from_main)
        if self.then is not None:
            self.then(worker_id)


def end_with_parent(from_main: bool) -> None:
    """End this process when the one that started it has ended.

    Args:
        from_main: the parent's main thread started it.
    """
    parent = multiprocessing.parent_process()
    if parent is None:  # threads, which end with the process anyway
        return
    started_by_it = os.name == 'posix' and os.getppid() == parent.pid  # not so by a fork server
    if sys.platform == 'linux' and started_by_it and from_main:
        if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) == 0:
            if os.getppid() != parent.pid:  # it died a moment ago
                os._exit(1)
            return
    threading.Thread(target=_watch, args=(parent, started_by_it), daemon=True).start()


def _watch(parent: multiprocessing.process.BaseProcess, started_by_it: bool) -> None:
    """End when the parent ends; where siblings keep its pipe open, the parent's pid changes."""
    while not multiprocessing.connection.wait([parent.sentinel], POLL_SECONDS):
        if started_by_it and os.getppid() != parent.pid:
            break
    os._exit(1)


@HOOKS.register_module()
class EndWorkersHook(Hook):
    """Give the workers of all loaders of a run `EndWithParent`."""

    def before_run(self, runner: Runner) -> None:
        """Before the first worker starts."""
        for loop in (runner._train_loop, runner._val_loop, runner._test_loop):
            loader = getattr(loop, 'dataloader', None)
            if not isinstance(loader, DataLoader) or loader.num_workers == 0:
                continue
            if not isinstance(loader.worker_init_fn, EndWithParent):
                loader.worker_init_fn = EndWithParent(loader.worker_init_fn)
