"""A picture from a stranger: limits first, then decoding."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.images import load_image

MEGA = 1_000_000
NO_PICTURE = 'the file is damaged or no picture: send a JPEG, PNG or WebP'


@dataclass(frozen=True)
class Limits:
    """What is taken: `megabytes` of the encoded file, `megapixels` once decoded."""

    megabytes: int = 20
    megapixels: int = 50

    @property
    def num_bytes(self) -> int:
        """`megabytes` in bytes."""
        return self.megabytes * MEGA

    def too_heavy(self) -> UserError:
        """The sentence for a file above `megabytes`."""
        return UserError(f'the file is larger than {self.megabytes} MB: send a smaller picture')


def decode(encoded: bytes, limits: Limits) -> np.ndarray:
    """An uploaded picture as `load_image` gives it; its size is read before it is decoded.

    Raises:
        UserError: too large in bytes or pixels, or no picture.
    """
    if len(encoded) > limits.num_bytes:
        raise limits.too_heavy()
    too_large = f'the picture has more than {limits.megapixels} megapixels: send a smaller one'
    try:
        with Image.open(io.BytesIO(encoded)) as header:
            width, height = header.size
    except Image.DecompressionBombError as error:
        raise UserError(too_large) from error
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow's readers raise
        raise UserError(NO_PICTURE) from error
    if width * height > limits.megapixels * MEGA:
        raise UserError(too_large)
    try:
        return load_image(encoded)
    except UserError as error:  # it speaks of files, and here is none
        raise UserError(NO_PICTURE) from error
