"""AnnouncingServer: says where the page is once it is there."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class AnnouncingServer(uvicorn.Server):
    """uvicorn's server, which calls `announce` as soon as it answers.

    Not earlier: a Ctrl-C that comes while Gradio starts can be lost.
    """

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and the announcement."""
        await super().startup(sockets)
        self._announce()
