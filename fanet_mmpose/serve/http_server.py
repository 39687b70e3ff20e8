"""uvicorn: a server that says where the page is, a protocol that cuts silent connections."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from fanet_mmpose.serve.limits import Limits

TICKS = 50  # of uvicorn's, 0.1 s each, between two calls of `sweep`


class AnnouncingServer(uvicorn.Server):
    """uvicorn's server, which calls `announce` as soon as it answers, and `sweep` now and then.

    Not earlier: a Ctrl-C that comes while Gradio starts can be lost.

    Attributes:
        ended_by: signal that ended it. uvicorn repeats a signal once it is down, but an event
            loop that ends at that moment may lose it.
    """

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], sweep: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._announce, self._sweep, self.ended_by = announce, sweep, 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and the announcement."""
        await super().startup(sockets)
        self._announce()

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's, which calls it every 0.1 s."""
        if counter % TICKS == 0:
            self._sweep()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As uvicorn's; the signal is remembered."""
        self.ended_by = sig
        super().handle_exit(sig, frame)


def patient_protocol(limits: Limits) -> type[H11Protocol]:
    """`PatientProtocol` for these limits, as uvicorn builds protocols itself."""
    return type('PatientProtocol', (PatientProtocol,), {'idle_seconds': limits.idle_seconds})


class PatientProtocol(H11Protocol):
    """Cuts a connection without a whole request head in `idle_seconds`; uvicorn waits for ever.

    Bodies have a limit of their own, see `BodyReader`. An answer that nobody reads is cut, too.
    """

    idle_seconds = Limits.idle_seconds
    _head_timer: asyncio.TimerHandle | None = None
    _read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """As uvicorn's; the time for a request's head begins."""
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """As uvicorn's; the time ends with the head, and begins again for what follows."""
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        """As uvicorn's."""
        super().on_response_complete()
        self._watch_head()

    def pause_writing(self) -> None:
        """As uvicorn's; the time for the visitor to read begins."""
        super().pause_writing()
        self._read_timer = self.loop.call_later(self.idle_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """As uvicorn's."""
        super().resume_writing()
        self._read_timer = _cancelled(self._read_timer)

    def connection_lost(self, exc: Exception | None) -> None:
        """As uvicorn's."""
        self._head_timer = _cancelled(self._head_timer)
        self._read_timer = _cancelled(self._read_timer)
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:
            self._head_timer = _cancelled(self._head_timer)
        elif self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self.idle_seconds, self.transport.abort)


def _cancelled(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
