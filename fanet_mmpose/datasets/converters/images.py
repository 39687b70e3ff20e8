"""Look at an image once: is it whole, how large is it, and what does it look like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.images import decode_deep, read_encoded, to_8_bits
from fanet_mmpose.orientation import stated_orientation

_THUMB = 32
_HASH = 8


@dataclass(frozen=True)
class ImageInfo:
    """What the checks need to know of an image.

    Attributes:
        width, height: pixels as `fanet_mmpose.images` loads it, upright.
        thumb: [32, 32] uint8 grey.
        plain: whether OpenCV alone, and so MMPose's stock loader, gives the same pixels.
        orientation: how EXIF says that the file is stored, 1 to 8; 1: upright.
    """

    width: int
    height: int
    thumb: np.ndarray
    plain: bool = True
    orientation: int = 1

    @property
    def perceptual_hash(self) -> np.ndarray:
        """[64] booleans: signs of the low DCT frequencies about their median ("pHash")."""
        low = cv2.dct(self.thumb.astype(np.float32))[:_HASH, :_HASH].ravel()
        return low > np.median(low)


def inspect_image(path: Path) -> ImageInfo:
    """Decode an image to the end.

    Raises:
        ValueError: it is missing, empty, truncated or no image.
    """
    try:
        encoded = read_encoded(path)
        if not encoded.size:
            raise ValueError('the image is empty (0 bytes)')
        image, plain = decode_deep(encoded, path.name)
        image = to_8_bits(image, path.name)
    except UserError as error:
        reason = str(error).replace(str(path), path.name)
        raise ValueError(f'the image cannot be decoded ({reason})') from None
    small = cv2.resize(image, (_THUMB, _THUMB), interpolation=cv2.INTER_AREA)
    height, width = image.shape[:2]
    thumb = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return ImageInfo(width, height, thumb, plain, stated_orientation(encoded.tobytes()))
