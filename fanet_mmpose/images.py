"""The one loader of pictures: whatever a picture comes as, blue-first uint8 [H, W, 3], upright.

Converters, training, evaluation, inference and the page read pictures here alone, by these rules:

- **Depth.** 8 bits stay. 16 bits are shifted down from the smallest of 8, 10, 12, 14 and 16 bits
  that holds the brightest value, as cameras of 12 bits write files of 16. Floats in [0, 1] are
  spread to 255, those up to 255 are rounded; others are refused.
- **Orientation.** EXIF's in JPEG, PNG, WebP and TIFF; in AVIF the file's own turns (``irot``,
  ``imir``), which stand in EXIF's place there.
- **Alpha** is dropped: the colours below it are the picture. **CMYK** and palettes become colours,
  as OpenCV converts them; colour profiles are not applied.
- **Pages.** The first page of a TIFF, the first frame of a moving WebP, PNG or AVIF. A GIF is
  refused: `fanet video` reads it.
- A file that is cut off is refused, and so is what is no regular file, such as a pipe. HEIC and
  JPEG XL are named.
- **Size.** `MAX_MEGAPIXELS` and `MAX_BYTES`, compared before anything is read or decoded; a picture
  of a kind whose header does not say its size is refused.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.orientation import is_avif, is_webp, turn_upright
from fanet_mmpose.picture_size import read_size

ImageSource: TypeAlias = 'str | Path | bytes | np.ndarray'
SUFFIXES = (
    '.avif', '.bmp', '.jfif', '.jp2', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp',
)  # fmt: skip
# In a folder they are not passed over in silence: `load_image` says what to do.
NAMED = ('.gif', '.heic', '.heif', '.jxl')
VIDEOS = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg', '.mpg', '.webm')
MAX_MEGAPIXELS = 250
"""Of one picture; the largest phones have 200."""
MAX_BYTES = 2**31
"""Of an encoded file: `MAX_MEGAPIXELS` of 16 bits without compression."""
_DEPTHS = (8, 10, 12, 14, 16)
_JPEG_END = b'\xff\xd9'


def load_image(source: ImageSource, max_megapixels: int = MAX_MEGAPIXELS) -> np.ndarray:
    """A picture as uint8 [H, W, 3], blue first, upright; the module says by which rules.

    Args:
        source: path, encoded bytes, or an array: grey [H, W] or [H, W, 1], blue-first
            [H, W, 3] or [H, W, 4] (alpha is dropped), of 8 or 16 bits, or floats in [0, 1].
        max_megapixels: of a file or bytes.

    Raises:
        UserError: the file is missing, empty, too large or no picture, or the array is none of
            these.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if isinstance(source, (bytes, bytearray)):
        return decode_image(np.frombuffer(source, np.uint8), 'the bytes', max_megapixels)
    if not isinstance(source, (str, os.PathLike)):
        way = 'OpenCV gives None for a file that it cannot read' if source is None else 'give these'
        raise UserError(f'{type(source).__name__} is no path, no bytes and no array: {way}')
    return decode_image(read_encoded(source), str(source), max_megapixels)


def read_encoded(path: str | os.PathLike[str]) -> np.ndarray:
    """[N] bytes of a regular file. Raises `UserError` for none, or above `MAX_BYTES`."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise UserError(f'{path}: is no regular file, give a picture')
        check_bytes(found.st_size, str(path))
        return np.fromfile(path, np.uint8)
    except (OSError, ValueError) as error:  # a name that no file can have
        reason = getattr(error, 'strerror', None) or error
        raise UserError(f'{path}: cannot be read ({reason})') from error


def check_bytes(size: int, name: str) -> None:
    """Raise `UserError` for an encoded picture of more than `MAX_BYTES`."""
    if size > MAX_BYTES:
        raise UserError(f'{name}: has {size / 1e9:.1f} GB, no picture is that large')


def decode_image(
    encoded: np.ndarray, name: str, max_megapixels: int = MAX_MEGAPIXELS
) -> np.ndarray:
    """`load_image` of encoded bytes [N]; `name` begins each message."""
    if not encoded.size:
        raise UserError(f'{name}: empty, there is no picture in it')
    image, _ = decode_deep(encoded, name, max_megapixels)
    return to_8_bits(image, name)


def decode_deep(
    encoded: np.ndarray, name: str, max_megapixels: int = MAX_MEGAPIXELS
) -> tuple[np.ndarray, bool]:
    """The picture [H, W, 3] in its own depth, upright, and whether OpenCV alone gives the same.

    Raises:
        UserError: it is damaged, too large or no picture.
    """
    head = encoded[:64].tobytes()
    _refuse_by_name(head, name)
    _check_pixels(encoded, name, max_megapixels)
    ours = is_webp(head) or is_avif(head)
    flags = cv2.IMREAD_ANYDEPTH | (cv2.IMREAD_IGNORE_ORIENTATION if ours else 0)
    try:
        image = cv2.imdecode(encoded, cv2.IMREAD_COLOR | flags)
        if image is None:  # grey floats are read as grey alone
            image = cv2.imdecode(encoded, cv2.IMREAD_ANYCOLOR | flags)
    except cv2.error as error:
        raise UserError(f'{name}: OpenCV does not decode it, it may be too large') from error
    if image is None or not _is_whole(encoded):
        raise UserError(f'{name}: is damaged or no picture{_way_out(name)}')
    if image.ndim == 2:
        image = np.repeat(image[..., None], 3, axis=2)
    plain = image.dtype == np.uint8
    if ours:
        turned = turn_upright(image, encoded.tobytes())
        plain, image = plain and turned is image, turned
    return image, plain


def to_8_bits(image: np.ndarray, name: str) -> np.ndarray:
    """`image` as uint8, by the rule of depths.

    Raises:
        UserError: other numbers than 8 or 16 bits, or floats up to 255.
    """
    if image.dtype == np.uint8:
        return image
    if image.dtype == np.uint16:
        brightest = int(image.max())
        depth = next(depth for depth in _DEPTHS if brightest < 2**depth)
        return (image >> (depth - 8)).astype(np.uint8)
    if image.dtype.kind == 'f' and image.min() >= 0 and image.max() <= 255:
        return np.rint(image * (255 if image.max() <= 1 else 1)).astype(np.uint8)
    raise UserError(
        f'{name}: has pixels of {image.dtype} from {image.min():g} to {image.max():g}, save it '
        'with 8 or 16 bits'
    )


def _refuse_by_name(head: bytes, name: str) -> None:
    if head.startswith(b'GIF8'):  # some OpenCV builds read the first frame, some nothing
        raise UserError(f'{name}: is a GIF, use `fanet video` for it or save a frame as PNG')
    brand = head[8:12] if head[4:8] == b'ftyp' else b''
    if brand in (b'heic', b'heix', b'hevc', b'heim', b'heis', b'mif1', b'msf1'):
        raise UserError(f'{name}: is HEIC and cannot be read, save it as JPEG')
    if head.startswith((b'\xff\x0a', b'\x00\x00\x00\x0cJXL ')):
        raise UserError(f'{name}: is JPEG XL and cannot be read, save it as JPEG or PNG')
    if is_avif(head) and not cv2.haveImageWriter('.avif'):
        raise UserError(f'{name}: is AVIF, which this OpenCV was built without, save it as JPEG')


def _check_pixels(encoded: np.ndarray, name: str, max_megapixels: int) -> None:
    size = read_size(encoded.tobytes())
    if size is None:
        raise UserError(f'{name}: is damaged or no picture{_way_out(name)}')
    if size[0] * size[1] > max_megapixels * 1_000_000:
        raise UserError(
            f'{name}: has {size[0]}×{size[1]} pixels, more than {max_megapixels} megapixels: make '
            'it smaller'
        )


def _way_out(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in VIDEOS:
        return ', use `fanet video` for a video'
    if suffix in ('.tif', '.tiff', '.jp2', '.bmp'):
        return ', or of a kind that OpenCV does not read: save it as PNG'
    return ', save it as JPEG' if suffix in NAMED else ''


def _is_whole(encoded: np.ndarray) -> bool:
    """Whether a JPEG has its end after its first scan, and a PNG its last chunk."""
    data = encoded.tobytes()
    if data.startswith(b'\x89PNG'):
        return b'IEND' in data
    if not data.startswith(b'\xff\xd8'):
        return True
    position = 2
    # Thumbnails in the segments before the scan have ends of their own.
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != 0xDA:
        if data[position + 1] == 0xFF:
            position += 1
            continue
        position += 2 + int.from_bytes(data[position + 2 : position + 4], 'big')
    return data.find(_JPEG_END, position) >= 0


def _from_array(image: np.ndarray) -> np.ndarray:
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or not image.size:
        raise UserError(
            f'an array of shape {list(image.shape)} is no picture: give [H, W] or [H, W, 3]'
        )
    known = image.dtype in (np.uint8, np.uint16)
    if not known and not (image.dtype.kind == 'f' and image.min() >= 0 and image.max() <= 1):
        raise UserError(
            f'an array of {image.dtype} is no picture: give uint8, uint16 or floats in [0, 1]'
        )
    image = to_8_bits(image[..., :3], 'an array')
    if image.shape[2] == 1:
        return cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(image)


def find_images(sources: list[str], leave_out: Path | None = None) -> tuple[list[Path], list[str]]:
    """Pictures named, and those in named folders and below, sorted, each once.

    Args:
        sources: pictures and folders.
        leave_out: a folder below these that is not looked into, such as that of earlier results.

    Returns:
        Their paths, and one sentence for each folder that has none or cannot be read.

    Raises:
        UserError: nothing is left.
    """
    found: list[Path] = []
    problems: list[str] = []
    for source in map(Path, sources):
        if source.is_dir():
            inside, unread = _pictures_below(source, leave_out)
            found += inside
            problems += unread
        else:
            found.append(source)  # a missing file is reported when its turn comes
    if not found:
        raise UserError('; '.join(problems))
    return list(dict.fromkeys(found)), problems


def _pictures_below(folder: Path, leave_out: Path | None) -> tuple[list[Path], list[str]]:
    problems: list[str] = []
    files: list[Path] = []
    unwanted = None if leave_out is None else leave_out.resolve()

    def note(error: OSError) -> None:
        problems.append(f'{error.filename}: this folder cannot be read ({error.strerror})')

    for parent, subfolders, names in os.walk(folder, onerror=note):
        subfolders[:] = [s for s in subfolders if (Path(parent) / s).resolve() != unwanted]
        files += (Path(parent) / name for name in names)
    inside = sorted(path for path in files if path.suffix.lower() in (*SUFFIXES, *NAMED))
    if not inside and not problems:
        problems.append(f'{folder}: no picture in this folder ({", ".join(SUFFIXES)})')
    return inside, problems
