"""One loader for all: depth, orientation, alpha, pages, and what is no picture."""

from __future__ import annotations

import io
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from fanet_mmpose.datasets.converters.images import inspect_image
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import load_image

FORMATS = {
    'JPEG': {'quality': 95},
    'PNG': {},
    'WEBP': {'lossless': True},
    'AVIF': {'quality': 100},
    'TIFF': {},
}


def picture() -> np.ndarray:
    """[40, 64, 3] red first, not symmetric in any way."""
    image = np.zeros((40, 64, 3), np.uint8)
    image[:14, :20], image[30:, 50:] = (50, 100, 200), (0, 255, 0)
    return image


@pytest.mark.parametrize('orientation', range(1, 9))
@pytest.mark.parametrize('name', FORMATS)
def test_every_format_is_turned_upright(name: str, orientation: int, tmp_path: Path) -> None:
    image = Image.fromarray(picture())
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f'a.{name.lower()}'
    turned = {'tiffinfo': {0x0112: orientation}} if name == 'TIFF' else {'exif': exif}
    image.save(path, name, **turned, **FORMATS[name])
    image.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(image))[..., ::-1]
    loaded = load_image(path)
    assert loaded.shape == upright.shape
    assert np.abs(loaded.astype(int) - upright).mean() < 3
    info = inspect_image(path)
    assert (info.height, info.width) == upright.shape[:2]
    assert info.orientation == (1 if name == 'AVIF' else orientation)
    # What MMPose's stock loader would turn otherwise is not plain.
    seen = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert info.plain == (seen.shape == loaded.shape and np.array_equal(seen, loaded))


@pytest.mark.parametrize(('bits', 'factor'), [(8, 1), (10, 4), (12, 16), (14, 64), (16, 257)])
def test_sixteen_bits_look_like_eight(bits: int, factor: int, tmp_path: Path) -> None:
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16)
    path = tmp_path / 'deep.png'
    cv2.imwrite(str(path), grey * factor)
    assert np.array_equal(load_image(path)[..., 0], grey)
    assert np.array_equal(load_image(grey * factor)[..., 0], grey)


@pytest.mark.parametrize('white', [1.0, 255.0])
def test_float_tiffs_are_read(white: float, tmp_path: Path) -> None:
    grey = np.linspace(0, white, 64, dtype=np.float32).reshape(8, 8)
    Image.fromarray(grey).save(tmp_path / 'a.tif')
    assert np.abs(load_image(tmp_path / 'a.tif')[..., 0] - grey * 255 / white).max() <= 0.51
    Image.fromarray(grey * 5000).save(tmp_path / 'b.tif')
    with pytest.raises(UserError, match='8 or 16 bits'):
        load_image(tmp_path / 'b.tif')


def test_alpha_pages_and_colours(tmp_path: Path) -> None:
    image = Image.fromarray(picture())
    expected = picture()[..., ::-1]
    clear = image.copy()
    clear.putalpha(Image.new('L', image.size, 0))
    clear.save(tmp_path / 'alpha.png')
    for name in ('pages.tif', 'moving.png'):
        image.save(tmp_path / name, save_all=True, append_images=[image.rotate(90)])
    image.convert('P', palette=Image.Palette.ADAPTIVE).save(tmp_path / 'palette.png')
    for path in tmp_path.iterdir():
        assert np.abs(load_image(path).astype(int) - expected).max() <= 3, path.name
    image.convert('CMYK').save(tmp_path / 'cmyk.jpg', quality=95)
    assert np.abs(load_image(tmp_path / 'cmyk.jpg').astype(int) - expected).mean() < 3


@pytest.mark.parametrize(
    ('name', 'content', 'said'),
    [
        ('phone.jpg', b'\0\0\0\x18ftypheic' + bytes(50), 'is HEIC'),
        ('new.png', b'\xff\x0a' + bytes(50), 'is JPEG XL'),
        ('a.gif', b'GIF89a', 'GIF'),
        ('a.tif', b'II*\0' + bytes(50), 'save it as PNG'),
    ],
)
def test_what_is_not_read_is_named(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said):
        load_image(tmp_path / name)


def test_a_cut_jpeg_is_not_whole_because_its_thumbnail_is(tmp_path: Path) -> None:
    exif = Image.Exif()
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, 'JPEG', exif=exif.tobytes() + b'\xff\xd8\xff\xd9')
    whole = buffer.getvalue()
    assert load_image(whole).shape == (64, 64, 3)
    with pytest.raises(UserError, match='damaged'):
        load_image(whole[:-40])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'a.jpg')
    with pytest.raises(UserError, match='no regular file'):
        load_image(tmp_path / 'a.jpg')
