"""Decoded pixels of all requests together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class PixelBudget:
    """At most `pixels` are decoded at one time; requests wait for their turn, first come first.

    A picture of 143 kB can have 50 million pixels: without a bound over all requests, a few dozen
    small files fill the memory.
    """

    def __init__(self, pixels: int) -> None:
        self._all = self._free = pixels
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def hold(self, pixels: int) -> AsyncIterator[None]:
        """Wait until `pixels` are free and keep them inside the block; more than all are all."""
        pixels = min(pixels, self._all)
        async with self._turn:
            while self._free < pixels:
                self._freed.clear()
                await self._freed.wait()
            self._free -= pixels
        try:
            yield
        finally:
            self._free += pixels
            self._freed.set()
