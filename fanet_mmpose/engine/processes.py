"""Several processes on CPUs, and threads within one."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.config import Config

import fanet_mmpose.engine.cpu_data_parallel  # noqa: F401  registers it
from fanet_mmpose.engine.slurm import use_slurm
from fanet_mmpose.errors import UserError

LOOPBACK_NAMES = ('127.0.0.1', 'localhost', '::1')
# What gloo says, in plain `RuntimeError`s, when the process at the other end is gone.
GONE = ('Connection closed by peer', 'Connection reset by peer', 'Broken pipe', 'gloo')
LAUNCHED = {'TORCHELASTIC_RUN_ID', 'SLURM_PROCID'}  # what torchrun and srun tell their processes
PEER_GONE = 75  # exit code of a process that ended because another one did


def use_processes(cfg: Config) -> None:
    """Let several processes find each other, also without GPUs, which MMEngine's set-up assumes.

    Raises `UserError` for a launcher that did not start this process, or that needs GPUs.
    """
    if cfg.launcher == 'slurm':
        use_slurm()
    if cfg.launcher == 'none' or torch.cuda.is_available():
        return
    if cfg.launcher not in ('pytorch', 'slurm'):
        raise UserError(f'--launcher {cfg.launcher} needs GPUs: use --launcher pytorch on CPUs')
    if not torch.distributed.is_initialized():
        stay_on_this_machine()
        torch.distributed.init_process_group('gloo')
    cfg.setdefault('env_cfg', {}).setdefault('dist_cfg', {})['backend'] = 'gloo'
    cfg.model_wrapper_cfg = dict(
        type='CPUDataParallel',
        sync_bn=cfg.pop('sync_bn', None) is not None,
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
    """Leave the group of processes together; nothing where there is none. The last thing to do.

    One that leaves while another still writes a file or talks to it can abort the other. Below
    torchrun and srun the process ends here: on Python's way out gloo's threads can abort one that
    is done ("terminate called without an active exception"), and the job would count as failed.
    """
    if not torch.distributed.is_initialized():
        return
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()
    if LAUNCHED & os.environ.keys() and not torch.cuda.is_available():
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


@contextmanager
def lost_peers_explained() -> Iterator[None]:
    """End in one sentence where another process of the job is gone.

    Below torchrun in silence, because it says itself which process ended first, and how.

    Raises:
        UserError: another process is gone.
        SystemExit: likewise, below torchrun.
    """
    try:
        yield
    except Exception as error:
        if not is_lost_peer(error):
            raise
        if 'TORCHELASTIC_RUN_ID' in os.environ:
            os._exit(PEER_GONE)  # on its way out Python would wait for the lost one
        raise UserError(
            'another process of this job ended before this one: see its own output; a training '
            'goes on with --resume'
        ) from error


def is_lost_peer(error: Exception) -> bool:
    """Whether an exception says that another process of the job is gone."""
    kinds = tuple(
        kind for name in ('DistBackendError', 'DistNetworkError')
        if (kind := getattr(torch.distributed, name, None)) is not None
    )  # fmt: skip
    if not isinstance(error, RuntimeError) or not torch.distributed.is_initialized():
        return False
    return isinstance(error, kinds) or any(words in str(error) for words in GONE)


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
