"""Looking at images: their size as OpenCV sees it, and whether they are whole."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fanet_mmpose.datasets.converters.images import inspect_image
from tests.helpers.tiny_releases import encoded, photograph


@pytest.mark.parametrize('suffix', ['.jpg', '.png', '.bmp', '.tif', '.webp'])
@pytest.mark.parametrize('grey', [False, True])
def test_size(suffix: str, grey: bool, tmp_path: Path) -> None:
    image = photograph(0)[:50]
    path = tmp_path / f'a{suffix}'
    path.write_bytes(encoded(image[..., 0] if grey else image, suffix))
    info = inspect_image(path)
    assert (info.width, info.height) == (96, 50)


@pytest.mark.parametrize('orientation', range(1, 9))
def test_exif_orientation_is_taken_as_opencv_takes_it(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / 'a.jpg'
    Image.fromarray(photograph(1, 640)[:400]).save(path, exif=exif, quality=95)
    seen = cv2.imread(str(path))
    info = inspect_image(path)
    assert seen.shape[:2] == (info.height, info.width)
    thumb = cv2.resize(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), (32, 32), None, 0, 0, cv2.INTER_AREA)
    assert np.abs(thumb.astype(int) - info.thumb).mean() < 3


@settings(deadline=None, derandomize=True, max_examples=40)
@given(content=st.binary(max_size=200))
def test_anything_else_is_a_reason(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp('junk') / 'a.jpg'
    for start in (b'', b'\xff\xd8\xff\xe0', b'\x89PNG\r\n\x1a\n', b'BM', b'II*\0', b'GIF89a'):
        path.write_bytes(start + content)
        with pytest.raises(ValueError, match='cannot be decoded|0 bytes'):
            inspect_image(path)


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
@pytest.mark.parametrize('share', [0.1, 0.5, 0.95])
def test_truncated(suffix: str, share: float, tmp_path: Path) -> None:
    content = encoded(photograph(2, 200), suffix)
    path = tmp_path / f'a{suffix}'
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match='cannot be decoded'):
        inspect_image(path)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='cannot be decoded'):
        inspect_image(tmp_path / 'nowhere.jpg')
