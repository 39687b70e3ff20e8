"""AnnouncingServer: says where the page is once it is there, and what ended it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

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
