"""Connections that are silent: uvicorn itself waits for ever for a first or half a request."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from fanet_mmpose.serve.limits import Limits


def patient_protocol(limits: Limits) -> type[H11Protocol]:
    """`PatientProtocol` for these limits, as uvicorn builds protocols itself."""
    return type('PatientProtocol', (PatientProtocol,), {'idle_seconds': limits.idle_seconds})


class PatientProtocol(H11Protocol):
    """Cuts a connection that brings no whole head in `idle_seconds`, the first or the next.

    Bodies have a time of their own, see `BodyReader`. An answer that nobody reads is cut, too.
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
