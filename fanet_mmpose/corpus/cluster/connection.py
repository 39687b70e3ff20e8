"""Ray, which is an optional dependency, and this process's part in a cluster."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from types import ModuleType

from fanet_mmpose.corpus.cluster.waiting import HeadNode
from fanet_mmpose.corpus.settings import ClusterOptions
from fanet_mmpose.errors import UserError

LOCAL = 'local'
# A cluster of this machine alone listens on 127.0.0.1 (Ray's name for that is historical), tells
# nobody how it is used, and computes with the priority of other programs. Its token dies with it:
# Ray would leave one in the home folder, which a later `ray start --head` asks all others for.
ALONE = {
    'RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER': '0',
    'RAY_USAGE_STATS_ENABLED': '0',
    'RAY_worker_niceness': '0',
    'RAY_AUTH_MODE': 'token',
}
ALWAYS = {
    'RAY_BACKEND_LOG_LEVEL': 'fatal',  # lower levels log an error for each pool of Ray Data
    # Else a thread that still waits for Ray after the end starts a cluster of its own.
    'RAY_ENABLE_AUTO_CONNECT': '0',
}
HOST_AND_PORT = re.compile(r'[\w.-]+:\d+')


def import_ray() -> ModuleType:
    """The module `ray`, with `ray.data`. Raises `UserError` that says how to install it."""
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UserError('--ray needs Ray: pip install "fanet_mmpose[ray]"') from error
    return ray


@contextmanager
def connected(options: ClusterOptions | None) -> Iterator[None]:
    """Be a driver of a cluster inside the block; without options do nothing.

    Ray installs a handler of SIGTERM that ends the process: install other handlers in the block.

    Raises:
        UserError: there is no Ray, or no cluster at the address.
    """
    if options is None:
        yield
        return
    alone = {**ALONE, 'RAY_AUTH_TOKEN': token_hex(32)} if options.address == LOCAL else {}
    for name, value in {**ALWAYS, **alone}.items():
        os.environ.setdefault(name, value)
    ray = import_ray()
    try:
        if HOST_AND_PORT.fullmatch(options.address):
            HeadNode(options.address).ping()
        ray.init(
            options.address,
            include_dashboard=False if options.address == LOCAL else None,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except Exception as error:  # the class that Ray raises for a node that starts too slowly
        raise UserError(_failed(options.address, error)) from error
    _quiet(ray)
    try:
        yield
    finally:
        ray.shutdown()


def places(options: ClusterOptions) -> int:
    """How many processes of this share fit into the cluster as it is.

    Raises:
        UserError: not one does.
    """
    there = import_ray().cluster_resources()
    wanted = {'CPU': options.num_cpus, 'GPU': options.num_gpus}
    fits = [int(there.get(kind, 0) / share) for kind, share in wanted.items() if share]
    if not min(fits, default=1):
        has = ', '.join(f'{there.get(kind, 0):g} {kind}s' for kind in wanted)
        raise UserError(
            f'--ray {options.address}: the cluster has {has}, too little for one process: lower '
            '--num-cpus or --num-gpus'
        )
    return min(fits, default=1)


def _failed(address: str, error: Exception) -> str:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip('.')
    if address == LOCAL:
        return f'--ray local: does not start ({reason}): try again when the machine is less busy'
    if 'AuthToken' in reason:
        return (
            f'--ray {address}: the cluster wants its token: set RAY_AUTH_MODE=token, and '
            'RAY_AUTH_TOKEN unless ~/.ray/auth_token holds it'
        )
    return (
        f'--ray {address}: no cluster is there ({reason}): start one with `ray start --head`, or '
        'use --ray local'
    )


def _quiet(ray: ModuleType) -> None:
    """Our progress and summary are enough; Ray's logs stay in its own folder."""
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger('ray.data').setLevel(logging.ERROR)
