"""Sizes from headers agree with what OpenCV decodes, and bound it."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fanet_mmpose.corpus.item import FILE, Item
from fanet_mmpose.corpus.pictures import PictureReader
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import MAX_BYTES, load_image
from fanet_mmpose.picture_size import read_size

KINDS = ('.jpg', '.png', '.webp', '.avif', '.tif', '.bmp', '.ppm', '.pgm', '.ras')
PILLOW = {  # encoder settings that change the header
    'progressive': ('JPEG', {'progressive': True}),
    'exif': ('JPEG', {'exif': Image.Exif()}),
    'lossless': ('WEBP', {'lossless': True}),
    'canvas': ('WEBP', {'icc_profile': b'x' * 50}),
    'moving': ('PNG', {'save_all': True, 'append_images': [Image.new('RGB', (37, 23), 'red')]}),
    'packed': ('TIFF', {'compression': 'tiff_lzw'}),
    'large offsets': ('TIFF', {'big_tiff': True}),
}


def announced_png(width: int, height: int) -> bytes:
    """A few bytes that announce a size and then break off."""
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    chunks = [(b'IHDR', header), (b'IDAT', zlib.compress(bytes(1000))), (b'IEND', b'')]
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
        for kind, body in chunks
    )


@pytest.mark.parametrize('suffix', KINDS)
@pytest.mark.parametrize('size', [(37, 23), (300, 8), (1, 1)])
def test_sizes_are_opencvs(suffix: str, size: tuple[int, int]) -> None:
    image = np.full((size[1], size[0], 3), 90, np.uint8)
    encoded = cv2.imencode(suffix, image[..., 0] if suffix == '.pgm' else image)[1].tobytes()
    assert read_size(encoded) == size
    assert load_image(encoded).shape == (size[1], size[0], 3)


@pytest.mark.parametrize('name', PILLOW)
def test_variants_of_headers(name: str) -> None:
    file = io.BytesIO()
    kind, settings = PILLOW[name]
    Image.new('RGB', (37, 23), 'blue').save(file, kind, **settings)
    assert read_size(file.getvalue()) == (37, 23)
    assert load_image(file.getvalue()).shape == (23, 37, 3)


@pytest.mark.parametrize('suffix', KINDS)
def test_a_cut_header_is_no_size_but_no_crash(suffix: str) -> None:
    image = np.random.default_rng(0).integers(0, 255, (23, 37, 3), np.uint8)
    encoded = cv2.imencode(suffix, image[..., 0] if suffix == '.pgm' else image)[1].tobytes()
    for length in range(min(len(encoded), 120)):
        assert read_size(encoded[:length]) in (None, (37, 23))


def test_jpeg_2000() -> None:
    encoded = cv2.imencode('.jp2', np.full((64, 97, 3), 90, np.uint8))[1].tobytes()
    assert read_size(encoded) == (97, 64)
    assert load_image(encoded).shape == (64, 97, 3)
    assert {read_size(encoded[:length]) for length in range(200)} == {None, (97, 64)}


def test_what_is_no_picture_has_no_size() -> None:
    for data in (b'', b'P', b'P6', b'\xff\xd8', b'BM', b'MM\0*', b'GIF89a', b'text', bytes(99)):
        assert read_size(data) is None


def test_a_large_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / 'bomb.png'
    path.write_bytes(announced_png(60_000, 60_000))
    with pytest.raises(UserError, match=r'bomb.png: has 60000×60000 pixels.*250 megapixels'):
        load_image(path)
    path.write_bytes(announced_png(1001, 1000))
    with pytest.raises(UserError, match='1 megapixels'):
        load_image(path, max_megapixels=1)


def test_annotate_has_the_limit(tmp_path: Path) -> None:
    path = tmp_path / 'large.png'
    path.write_bytes(announced_png(1001, 1000))
    item = Item(FILE, str(tmp_path), str(path))
    with pytest.raises(UserError, match='1 megapixels'):
        PictureReader('image', max_megapixels=1).load(item)


def test_a_file_larger_than_any_picture_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / 'sparse.jpg'
    path.touch()
    os.truncate(path, MAX_BYTES + 1)
    with pytest.raises(UserError, match='no picture is that large'):
        load_image(path)
