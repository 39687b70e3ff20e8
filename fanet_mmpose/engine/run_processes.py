"""torchrun with one sentence for a report: `python -m fanet_mmpose.engine.run_processes`.

Its arguments are torchrun's. When a process dies, the others are ended (after 30 s with SIGKILL).
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from fanet_mmpose.errors import UserError, friendly_exit

PEER_GONE = 75  # see `processes`, which is not imported here: it brings all of MMEngine
USER_ERROR = 2  # the process has said its sentence


class Failure(Protocol):
    """What torch tells of a process that failed; a signal's exit code is negative."""

    exitcode: int


def first_failure(failures: Mapping[int, Failure]) -> tuple[int, int]:
    """Rank and exit code of the process that the others followed.

    Those that a signal ended come first; those that torchrun ended for another's sake (SIGTERM) and
    those that lost another process come last.
    """

    def order(rank: int) -> tuple[bool, bool, bool, int]:
        code = failures[rank].exitcode
        return code == PEER_GONE, code == -signal.SIGTERM, code >= 0, rank

    rank = min(failures, key=order)
    return rank, failures[rank].exitcode


def explain(rank: int, code: int) -> str:
    """One sentence of a process that failed, and the way out."""
    if code == PEER_GONE:
        return 'a process on another machine ended, and so did those here: see its output there'
    if code >= 0:
        return f'process {rank} ended with exit code {code}: its own output says why'
    name = signal.Signals(-code).name
    why = ' (by a user, or by the system when memory ran out)' if name == 'SIGKILL' else ''
    return (
        f'process {rank} was ended by {name}{why}, and so the others were, too: a training goes on '
        'with --resume'
    )


def run(arguments: Sequence[str]) -> int:
    """Run all processes of this machine to their end; the exit code.

    Raises:
        UserError: a process failed, the port is taken, or the processes did not meet.
    """
    from torch.distributed import DistError
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import parse_args
    from torch.distributed.run import run as run_all

    logging.disable(logging.ERROR)  # a page for each process that is ended
    options = parse_args(list(arguments))
    try:
        run_all(options)
    except ChildFailedError as error:
        rank, code = first_failure(error.failures)
        if code == USER_ERROR:
            return code
        raise UserError(explain(rank, code)) from error
    except SignalException as error:
        return 128 + error.sigval
    except DistError as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f'the processes do not meet at {options.master_addr}:{options.master_port} ({reason}): '
            'choose another PORT'
        ) from error
    return 0


@friendly_exit
def main() -> None:
    raise SystemExit(run(sys.argv[1:]))


if __name__ == '__main__':
    main()
