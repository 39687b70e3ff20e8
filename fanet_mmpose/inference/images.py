"""Whatever a picture comes as: blue-first uint8 [H, W, 3], upright."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from fanet_mmpose.errors import UserError

ImageSource: TypeAlias = 'str | Path | bytes | np.ndarray'
SUFFIXES = ('.bmp', '.jfif', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')
# In a folder they are not passed over in silence: `load_image` says what to do.
NAMED = ('.gif', '.heic', '.heif')
VIDEOS = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg', '.mpg', '.webm')


def load_image(source: ImageSource) -> np.ndarray:
    """A picture as uint8 [H, W, 3], blue first, turned as its EXIF tag says.

    Args:
        source: path, encoded bytes, or an array: grey [H, W] or [H, W, 1], blue-first
            [H, W, 3] or [H, W, 4] (alpha is dropped), of 8 or 16 bits, or floats in [0, 1].

    Raises:
        UserError: the file is missing, empty or no picture, or the array is none of these.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if isinstance(source, (bytes, bytearray)):
        return _decode(np.frombuffer(source, np.uint8), 'the bytes')
    if not isinstance(source, (str, os.PathLike)):
        way = 'OpenCV gives None for a file that it cannot read' if source is None else 'give these'
        raise UserError(f'{type(source).__name__} is no path, no bytes and no array: {way}')
    try:
        return _decode(np.fromfile(source, np.uint8), str(source))
    except OSError as error:
        raise UserError(f'{source}: cannot be read ({error.strerror})') from error


def _decode(encoded: np.ndarray, name: str) -> np.ndarray:
    if not encoded.size:
        raise UserError(f'{name}: empty, there is no picture in it')
    if encoded[:4].tobytes() == b'GIF8':  # some OpenCV builds read the first frame, some nothing
        raise UserError(f'{name}: is a GIF, use `fanet video` for it or save a frame as PNG')
    try:
        image = cv2.imdecode(encoded, cv2.IMREAD_COLOR)  # applies EXIF, makes it 8 bits
    except cv2.error as error:
        raise UserError(f'{name}: OpenCV does not decode it, it may be too large') from error
    if image is None:
        raise UserError(f'{name}: is damaged or no picture{_way_out(name)}')
    return image


def _way_out(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in VIDEOS:
        return ', use `fanet video` for a video'
    return ', save it as JPEG' if suffix in NAMED else ''


def _from_array(image: np.ndarray) -> np.ndarray:
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or not image.size:
        raise UserError(
            f'an array of shape {list(image.shape)} is no picture: give [H, W] or [H, W, 3]'
        )
    image = _to_8_bits(image[..., :3])
    if image.shape[2] == 1:
        return cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(image)


def _to_8_bits(image: np.ndarray) -> np.ndarray:
    if image.dtype == np.uint8:
        return image
    if image.dtype == np.uint16:
        return (image >> 8).astype(np.uint8)
    if image.dtype.kind == 'f' and image.min() >= 0 and image.max() <= 1:
        return np.rint(image * 255).astype(np.uint8)
    raise UserError(
        f'an array of {image.dtype} is no picture: give uint8, uint16 or floats in [0, 1]'
    )


def find_images(sources: list[str]) -> tuple[list[Path], list[str]]:
    """Pictures named, and those in named folders and below, sorted, each once.

    Returns:
        Their paths, and one sentence for each folder that has none or cannot be read.

    Raises:
        UserError: nothing is left.
    """
    found: list[Path] = []
    problems: list[str] = []
    for source in map(Path, sources):
        if source.is_dir():
            inside, unread = _pictures_below(source)
            found += inside
            problems += unread
        else:
            found.append(source)  # a missing file is reported when its turn comes
    if not found:
        raise UserError('; '.join(problems))
    return list(dict.fromkeys(found)), problems


def _pictures_below(folder: Path) -> tuple[list[Path], list[str]]:
    problems: list[str] = []

    def note(error: OSError) -> None:
        problems.append(f'{error.filename}: this folder cannot be read ({error.strerror})')

    walk = os.walk(folder, onerror=note)
    files = [Path(parent) / name for parent, _, names in walk for name in names]
    inside = sorted(path for path in files if path.suffix.lower() in (*SUFFIXES, *NAMED))
    if not inside and not problems:
        problems.append(f'{folder}: no picture in this folder ({", ".join(SUFFIXES)})')
    return inside, problems
