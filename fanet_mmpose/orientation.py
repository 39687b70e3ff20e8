"""Which way up a picture is; the turns where OpenCV does not look: EXIF in WebP, those of AVIF."""

from __future__ import annotations

import struct

import numpy as np

_ORIENTATION = 0x0112


def is_webp(head: bytes) -> bool:
    """Whether a file that starts so is WebP."""
    return head[:4] == b'RIFF' and head[8:12] == b'WEBP'


def is_avif(head: bytes) -> bool:
    """Whether a file that starts so is AVIF."""
    return head[4:8] == b'ftyp' and head[8:12] in (b'avif', b'avis')


def stated_orientation(data: bytes) -> int:
    """What EXIF of a JPEG, PNG, WebP or TIFF file says, 1 to 8; 1 where it says nothing."""
    if is_webp(data):
        return _exif_orientation(_webp_exif(data))
    if data.startswith((b'II*\0', b'MM\0*')):
        return _exif_orientation(data)
    mark = b'eXIf' if data.startswith(b'\x89PNG') else b'Exif\0\0'
    start = data.find(mark)
    return _exif_orientation(data[start + len(mark) :]) if start >= 0 else 1


def turn_upright(image: np.ndarray, data: bytes) -> np.ndarray:
    """`image` [H, W, 3] of a WebP or AVIF file, upright; the same object where it was so."""
    if is_webp(data):
        return _turn_by_exif(image, _exif_orientation(_webp_exif(data)))
    start = data.find(b'ipco')
    end = start - 4 + int.from_bytes(data[start - 4 : start], 'big') if start >= 4 else 0
    turns, mirror = data.find(b'irot', start, end), data.find(b'imir', start, end)
    if turns >= 0 and data[turns + 4] & 3:
        image = np.rot90(image, data[turns + 4] & 3)
    if mirror >= 0:
        image = image[:, ::-1] if data[mirror + 4] & 1 else image[::-1]
    return image if turns < 0 and mirror < 0 else np.ascontiguousarray(image)


def _webp_exif(data: bytes) -> bytes:
    position = 12
    while position + 8 <= len(data):
        size = int.from_bytes(data[position + 4 : position + 8], 'little')
        if data[position : position + 4] == b'EXIF':
            return data[position + 8 : position + 8 + size].removeprefix(b'Exif\0\0')
        position += 8 + size + size % 2
    return b''


def _exif_orientation(exif: bytes) -> int:
    """1 to 8 of an EXIF block, which is a TIFF; 1 where it does not say."""
    order = {b'II': '<', b'MM': '>'}.get(exif[:2])
    try:
        if order is None:
            return 1
        (start,) = struct.unpack_from(order + 'I', exif, 4)
        (count,) = struct.unpack_from(order + 'H', exif, start)
        for i in range(count):
            tag, _, _, value = struct.unpack_from(order + 'HHIH', exif, start + 2 + 12 * i)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # the block is cut off
    return 1


def _turn_by_exif(image: np.ndarray, orientation: int) -> np.ndarray:
    if orientation == 1:
        return image
    if orientation >= 5:  # rows and columns change places
        image = image.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)
