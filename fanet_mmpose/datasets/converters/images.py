"""Look at an image once: is it whole, how large is it, and what does it look like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

_THUMB = 32
_HASH = 8


@dataclass(frozen=True)
class ImageInfo:
    """What the checks need to know of an image.

    Attributes:
        width, height: pixels as OpenCV loads it, that is, turned as EXIF says.
        thumb: [32, 32] uint8 grey.
    """

    width: int
    height: int
    thumb: np.ndarray

    @property
    def perceptual_hash(self) -> np.ndarray:
        """[64] booleans: signs of the low DCT frequencies about their median ("pHash")."""
        low = cv2.dct(self.thumb.astype(np.float32))[:_HASH, :_HASH].ravel()
        return low > np.median(low)


def inspect_image(path: Path) -> ImageInfo:
    """Decode an image to the end, JPEGs at reduced size.

    Raises:
        ValueError: it is missing, empty, truncated or no image.
    """
    try:
        if path.stat().st_size == 0:
            raise ValueError('the image is empty (0 bytes)')
        with Image.open(path) as image:
            width, height = image.size
            image.draft('L', (2 * _THUMB, 2 * _THUMB))  # a JPEG decodes eight times faster so
            grey = ImageOps.exif_transpose(image.convert('L'))
            turned = image.getexif().get(0x0112, 1) >= 5
    except (OSError, SyntaxError, TypeError, EOFError, Image.DecompressionBombError) as error:
        reason = str(error).replace(str(path), path.name)
        raise ValueError(f'the image cannot be decoded ({reason})') from None
    thumb = np.asarray(grey.resize((_THUMB, _THUMB), Image.Resampling.BOX))
    return ImageInfo(*((height, width) if turned else (width, height)), thumb)
