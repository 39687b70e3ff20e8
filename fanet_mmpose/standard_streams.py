"""Standard input, output and error as a shell may leave them: closed, or with nobody who reads."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY_READS = 128 + 13  # exit code that shells give a program which SIGPIPE ended
STREAMS = (('stdin', 'r'), ('stdout', 'w'), ('stderr', 'w'))  # by their descriptors: 0, 1, 2


@contextmanager
def standard_streams() -> Iterator[None]:
    """All three are open; output that nobody reads any more ends the program without a word.

    Raises:
        SystemExit: `NOBODY_READS`, as in ``fanet models | head -1``.
    """
    _open_missing()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        unread = list(filter(_nobody_reads, (1, 2)))
        if not unread:  # another pipe's
            raise
        for descriptor in unread:  # what Python still holds goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
        raise SystemExit(NOBODY_READS) from None


def _open_missing() -> None:
    """Nothing in place of what is closed: the next file that is opened would get its number."""
    for name, mode in STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - as long as the process


def _nobody_reads(descriptor: int) -> bool:
    """Whether it is a pipe without a reader, where the system can tell."""
    if not hasattr(select, 'poll'):
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
