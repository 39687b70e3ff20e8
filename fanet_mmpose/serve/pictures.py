"""A picture from a stranger: limits first, its own and those of all requests, then decoding."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.images import load_image, read_size
from fanet_mmpose.serve.limits import Limits

NO_PICTURE = 'the file is damaged or no picture: send a JPEG, PNG or WebP'


def count_pixels(encoded: bytes, limits: Limits) -> int:
    """Pixels of an uploaded picture, from its header.

    Raises:
        UserError: too large in bytes or pixels, or no picture.
    """
    if len(encoded) > limits.num_bytes:
        raise limits.too_heavy()
    size = read_size(encoded)
    if size is None:
        raise UserError(NO_PICTURE)
    if size[0] * size[1] > limits.num_pixels:
        raise UserError(
            f'the picture has more than {limits.megapixels} megapixels: send a smaller one'
        )
    return size[0] * size[1]


def decode(encoded: bytes, limits: Limits) -> np.ndarray:
    """An uploaded picture as `load_image` gives it; its size is read before it is decoded.

    Raises:
        UserError: as `count_pixels`.
    """
    count_pixels(encoded, limits)
    try:
        return load_image(encoded, limits.megapixels)
    except UserError as error:  # it speaks of files, and here is none
        raise UserError(NO_PICTURE) from error


class PixelBudget:
    """At most `pixels` of all requests are decoded at one time; they wait, first come first.

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
