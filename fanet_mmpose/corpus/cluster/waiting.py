"""Waiting for Ray that ends on a request to stop, or when the head node is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from fanet_mmpose.errors import UserError

POLL_SECONDS = 0.2  # between two checks for a request to stop
PING_INTERVAL = 5.0  # seconds between two pings of the head node
MAX_MISSES = 3  # pings in a row without an answer, after which the node counts as lost
PING_TIMEOUT = 10.0  # seconds; Ray itself tries for more than a minute
T = TypeVar('T')


class HeadNode:
    """The port of a cluster's head node. Where it is lost, Ray ends this process in silence.

    Args:
        address: host:port.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._next_ping, self._misses = 0.0, 0

    def ping(self) -> None:
        """Raise `OSError` unless something listens there."""
        host, port = self.address.rsplit(':', 1)
        socket.create_connection((host, int(port)), PING_TIMEOUT).close()

    def check(self) -> None:
        """Ping if it is time to. Raises `UserError` if the node is lost."""
        if time.monotonic() < self._next_ping:
            return
        try:
            self.ping()
            self._misses = 0
        except OSError as error:
            self._misses += 1
            if self._misses == MAX_MISSES:
                raise UserError(
                    f'the head node of Ray at {self.address} is lost: what is in parts stays, '
                    'start a cluster and run the same command again'
                ) from error
        self._next_ping = time.monotonic() + PING_INTERVAL


def until_stopped(
    results: Iterable[T], is_stopped: Callable[[], bool], head: HeadNode
) -> Iterator[T]:
    """Results as they come, until the run is stopped; later ones are dropped.

    They are awaited in a thread: the next result may take long, or never come.

    Args:
        results: of Ray.
        is_stopped: called several times a second.
        head: checked meanwhile.

    Raises:
        UserError: the head node is lost.
    """
    arrived: SimpleQueue = SimpleQueue()
    threading.Thread(target=_put_all, args=(results, arrived), daemon=True).start()
    while not is_stopped():
        head.check()
        with suppress(Empty):
            result, error = arrived.get(timeout=POLL_SECONDS)
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
