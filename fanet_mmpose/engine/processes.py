"""Several processes on CPUs, and threads within one."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.config import Config

from fanet_mmpose.errors import UserError

LOOPBACK_NAMES = ('127.0.0.1', 'localhost', '::1')


def use_cpu_processes(cfg: Config) -> None:
    """Let several processes work without a GPU, which MMEngine's own set-up assumes."""
    if cfg.launcher == 'none' or torch.cuda.is_available():
        return
    if cfg.launcher != 'pytorch':
        raise UserError(f'--launcher {cfg.launcher} needs GPUs: use --launcher pytorch on CPUs')
    if not torch.distributed.is_initialized():
        stay_on_this_machine()
        torch.distributed.init_process_group('gloo')
    cfg.env_cfg.dist_cfg.backend = 'gloo'
    cfg.model_wrapper_cfg = dict(
        type='MMDistributedDataParallel',
        device_ids=None,
        broadcast_buffers=False,
        find_unused_parameters=cfg.get('find_unused_parameters', False),
    )


def stay_on_this_machine() -> None:
    """Let gloo talk over the loopback where all processes are on one machine.

    Otherwise it looks the machine's own name up, which not every container can resolve, and
    listens to the network. `GLOO_SOCKET_IFNAME` in the environment wins.
    """
    if os.environ.get('MASTER_ADDR') in LOOPBACK_NAMES:
        names = [name for _, name in socket.if_nameindex() if name.startswith('lo')]
        os.environ.setdefault('GLOO_SOCKET_IFNAME', names[0] if names else 'lo')


def leave_group() -> None:
    """Leave the group of processes together; nothing where there is none.

    One that leaves while another still writes a file or talks to it can abort the other.
    """
    if torch.distributed.is_initialized():
        torch.distributed.barrier()
        torch.distributed.destroy_process_group()


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread, as each of several processes does.

    The last digits of a sum depend on how many threads share it, and a metric should not.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
