"""Width and height of a picture from its first bytes, before anything is decoded.

A file of some kilobytes can announce billions of pixels, so sizes are compared with a limit before
OpenCV makes room for them. Nothing but `struct` is needed, and no kind is decoded on the way.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from fanet_mmpose.orientation import is_avif

Size = tuple[int, int]
_NO_FRAME = (0xC4, 0xC8, 0xCC)  # JPEG markers among those of frames that begin none
_ALONE = (0x01, *range(0xD0, 0xD9))  # JPEG markers without a length
_TIFF_WORDS = {1: 'B', 3: 'H', 4: 'I', 16: 'Q'}  # TIFF's types of whole numbers
_WIDTH, _HEIGHT = 256, 257  # TIFF tags


def read_size(data: bytes) -> Size | None:
    """(width, height) in pixels as stored, turns of EXIF not applied; None if they are not there.

    Knows JPEG, PNG, WebP, AVIF, TIFF, BMP, JPEG 2000, PNM, PFM and Sun raster. Where a file has
    several sizes (AVIF's tiles), the largest.
    """
    reader = next((read for matches, read in _READERS if matches(data)), None)
    try:
        size = reader(data) if reader else None
    except (struct.error, IndexError, ValueError):  # it is cut off
        return None
    return size if size and min(size) > 0 else None


def _jpeg(data: bytes) -> Size | None:
    position = 2
    while True:
        position = data.index(b'\xff', position)
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker in (0x00, *_ALONE):
            continue
        if marker in (0xD9, 0xDA):
            return None
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from('>HH', data, position + 3)
            return width, height
        position += struct.unpack_from('>H', data, position)[0]


def _png(data: bytes) -> Size:
    return struct.unpack_from('>II', data, 16)


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b'VP8X':
        return 1 + _whole(data[24:27]), 1 + _whole(data[27:30])
    if kind == b'VP8L':
        (bits,) = struct.unpack_from('<I', data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b'VP8 ':
        width, height = struct.unpack_from('<HH', data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _avif(data: bytes) -> Size | None:
    found = [struct.unpack_from('>II', data, at.start() + 8) for at in re.finditer(b'ispe', data)]
    return max(found, key=lambda size: size[0] * size[1], default=None)


def _jpeg2000(data: bytes) -> Size | None:
    start = data.index(b'\xff\x4f\xff\x51')
    right, bottom, left, top = struct.unpack_from('>IIII', data, start + 8)
    return right - left, bottom - top


def _bmp(data: bytes) -> Size:
    (header,) = struct.unpack_from('<I', data, 14)
    width, height = struct.unpack_from('<HH' if header == 12 else '<ii', data, 18)
    return width, abs(height)


def _tiff(data: bytes) -> Size | None:
    order = '<' if data[:2] == b'II' else '>'
    big = struct.unpack_from(order + 'H', data, 2)[0] == 43
    count_type, entry, offset = ('Q', 20, 'Q') if big else ('H', 12, 'I')
    (start,) = struct.unpack_from(order + offset, data, 8 if big else 4)
    (count,) = struct.unpack_from(order + count_type, data, start)
    sizes = {}
    for number in range(min(count, 1000)):
        at = start + struct.calcsize(order + count_type) + entry * number
        tag, kind = struct.unpack_from(order + 'HH', data, at)
        if tag in (_WIDTH, _HEIGHT) and kind in _TIFF_WORDS:
            value_at = at + (12 if big else 8)
            sizes[tag] = struct.unpack_from(order + _TIFF_WORDS[kind], data, value_at)[0]
    return (sizes[_WIDTH], sizes[_HEIGHT]) if len(sizes) == 2 else None


def _netpbm(data: bytes) -> Size | None:
    found = re.match(rb'P[1-6Ff](?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s', data[:4096])
    return (int(found[1]), int(found[2])) if found else None


def _sun_raster(data: bytes) -> Size:
    return struct.unpack_from('>II', data, 4)


def _whole(three: bytes) -> int:
    return int.from_bytes(three, 'little')


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(heads)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Size | None]], ...] = (
    (_starts(b'\xff\xd8'), _jpeg),
    (_starts(b'\x89PNG\r\n\x1a\n'), _png),
    (lambda data: data[:4] == b'RIFF' and data[8:12] == b'WEBP', _webp),
    (is_avif, _avif),
    (_starts(b'\x00\x00\x00\x0cjP  ', b'\xff\x4f\xff\x51'), _jpeg2000),
    (_starts(b'BM'), _bmp),
    (_starts(b'II*\0', b'MM\0*', b'II+\0', b'MM\0+'), _tiff),
    (_starts(b'\x59\xa6\x6a\x95'), _sun_raster),
    (_starts(b'P'), _netpbm),
)
