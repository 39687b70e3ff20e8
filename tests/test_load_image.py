"""Paths, bytes and arrays become the same picture; folders are searched; other files are named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fanet_mmpose.errors import UserError
from fanet_mmpose.images import find_images, load_image


@pytest.fixture
def picture() -> np.ndarray:
    """Blue-first, not symmetric in any way."""
    image = np.zeros((20, 30, 3), np.uint8)
    image[:8, :12] = (200, 100, 50)
    return image


def test_path_bytes_and_array_agree(picture: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / 'a.png'
    cv2.imwrite(str(path), picture)
    for source in (path, str(path), path.read_bytes(), picture):
        assert np.array_equal(load_image(source), picture)


def test_exif_turns_the_picture_upright(picture: np.ndarray, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn right by 90°
    path = tmp_path / 'a.png'
    Image.fromarray(picture[..., ::-1]).save(path, exif=exif)
    assert np.array_equal(load_image(path), np.rot90(picture, -1))


def test_grey_alpha_and_16_bits(picture: np.ndarray, tmp_path: Path) -> None:
    alpha = np.dstack([picture, np.full(picture.shape[:2], 7, np.uint8)])
    deep = picture.astype(np.uint16) * 257
    for name, array in (('alpha', alpha), ('deep', deep)):
        cv2.imwrite(str(tmp_path / f'{name}.png'), array)
        assert np.array_equal(load_image(tmp_path / f'{name}.png'), picture)
        assert np.array_equal(load_image(array), picture)
    grey = picture[..., 0]
    assert np.array_equal(load_image(grey), np.dstack([grey] * 3))
    assert np.array_equal(load_image(grey[..., None]), np.dstack([grey] * 3))
    assert np.array_equal(load_image(picture / 255), picture)


@pytest.mark.parametrize('content', [b'', b'this is text', b'\xff\xd8\xff'])
def test_files_that_are_no_picture(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / 'text.jpg'
    path.write_bytes(content)
    with pytest.raises(UserError, match='text.jpg'):
        load_image(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='gone.jpg: cannot be read'):
        load_image(tmp_path / 'gone.jpg')


@pytest.mark.parametrize(
    'array',
    [
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros(5, np.uint8),
        np.full((4, 4, 3), 300.0),
        np.full((4, 4, 3), np.nan),
    ],
)
def test_arrays_that_are_no_picture(array: np.ndarray) -> None:
    with pytest.raises(UserError, match='is no picture'):
        load_image(array)


@pytest.mark.parametrize(
    ('source', 'said'),
    [(None, 'OpenCV gives None for a file'), (5, 'int is no path'), ([1], 'list')],
)
def test_what_is_no_source_at_all(source: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        load_image(source)  # type: ignore[arg-type]


def test_folders_are_searched_in_order(picture: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / 'sub').mkdir()
    for name in ('b.png', 'a.JPG', 'sub/c.webp', 'notes.txt', 'moving.gif'):
        (tmp_path / name).write_bytes(b'x')
    (tmp_path / 'empty').mkdir()
    twice = str(tmp_path / 'b.png')
    found, problems = find_images([str(tmp_path), twice, 'missing.png', str(tmp_path / 'empty')])
    names = ['a.JPG', 'b.png', 'moving.gif', 'c.webp', 'missing.png']
    assert [path.name for path in found] == names
    assert len(problems) == 1 and 'empty: no picture in this folder' in problems[0]
    with pytest.raises(UserError, match='no picture in this folder'):
        find_images([str(tmp_path / 'empty')])


@pytest.mark.parametrize(
    ('name', 'way'), [('a.mp4', '`fanet video`'), ('a.heic', 'save it as JPEG'), ('a.gif', 'GIF')]
)
def test_the_way_out_for_what_is_no_picture_of_ours(name: str, way: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b'GIF89a' if way == 'GIF' else b'something else')
    with pytest.raises(UserError, match=f'{name}: is .*{way}'):
        load_image(tmp_path / name)
