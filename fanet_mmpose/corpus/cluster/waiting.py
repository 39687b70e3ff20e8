"""Waiting for Ray, while a request to stop and the loss of the head node are seen."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from fanet_mmpose.errors import UserError

WAIT = 0.2  # seconds after which a request to stop is looked at
BETWEEN = 5.0  # seconds between two looks at the head node
MISSES = 3  # looks without an answer, after which it is lost
PATIENCE = 10.0  # seconds for it to answer; Ray itself tries for more than a minute
T = TypeVar('T')


class HeadNode:
    """The port of a cluster's head node; without it Ray ends this process, and says nothing.

    Args:
        address: host:port.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._next, self._misses = 0.0, 0

    def knock(self) -> None:
        """Raise `OSError` unless something listens there."""
        host, port = self.address.rsplit(':', 1)
        socket.create_connection((host, int(port)), PATIENCE).close()

    def check(self) -> None:
        """Look now and then. Raises `UserError` if the node is lost."""
        if time.monotonic() < self._next:
            return
        try:
            self.knock()
            self._misses = 0
        except OSError as error:
            self._misses += 1
            if self._misses == MISSES:
                raise UserError(
                    f'the head node of Ray at {self.address} is lost: what is in parts stays, '
                    'start a cluster and run the same command again'
                ) from error
        self._next = time.monotonic() + BETWEEN


def until_stopped(
    results: Iterable[T], is_stopped: Callable[[], bool], head: HeadNode
) -> Iterator[T]:
    """Results as they come, until the run is stopped; what comes later is lost.

    A thread waits for them, because one may take long or never come.

    Args:
        results: of Ray.
        is_stopped: asked several times a second.
        head: looked at meanwhile.

    Raises:
        UserError: the head node is lost.
    """
    arrived: SimpleQueue = SimpleQueue()
    threading.Thread(target=_put_all, args=(results, arrived), daemon=True).start()
    while not is_stopped():
        head.check()
        with suppress(Empty):
            result, error = arrived.get(timeout=WAIT)
            if isinstance(error, StopIteration):
                return
            if error:
                raise error
            yield result


def _put_all(results: Iterable[T], arrived: SimpleQueue) -> None:
    """Pairs of a result and what was raised; at the end `StopIteration`."""
    try:
        for result in results:
            arrived.put((result, None))
        arrived.put((None, StopIteration()))
    except Exception as error:
        arrived.put((None, error))
