"""Text as it is found in data sets: any encoding, any line ends, sometimes not text at all.

A byte order mark decides; else UTF-16 shows by its zero bytes; else it is UTF-8 if that is valid.
What remains is one of the old national encodings: the one in which the text names files that are
there, else Windows-1252.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from fanet_mmpose.errors import UserError

_MARKS = (
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF32_LE, 'utf-32'),
    (codecs.BOM_UTF32_BE, 'utf-32'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
)
_NATIONAL = (
    'gb18030',
    'cp1252',
    'cp932',
    'big5',
    'euc_kr',
    'cp1251',
    'cp1250',
    'cp1253',
    'latin-1',
)


def decode(data: bytes) -> str:
    """`decode_among` without any known word: never fails."""
    return decode_among(data, ())


def decode_among(data: bytes, words: Iterable[str]) -> str:
    """Text of `data`; `words` may occur in it and tell the national encodings apart."""
    encoding = _unicode_encoding(data)
    if encoding:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return _decode_national(data, [word for word in words if not word.isascii()])


def _unicode_encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    start = data[:400]
    pairs = len(start) // 2 if len(data) % 2 == 0 and len(data) > 8 else 0
    if pairs and start[1::2].count(0) > 0.7 * pairs and not start[::2].count(0):
        return 'utf-16-le'
    if pairs and start[::2].count(0) > 0.7 * pairs and not start[1::2].count(0):
        return 'utf-16-be'
    return None


def _decode_national(data: bytes, words: list[str]) -> str:
    wanted = {unicodedata.normalize('NFC', word) for word in words}
    best, text = 0, ''
    for encoding in _NATIONAL:
        try:
            decoded = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found = sum(word in decoded for word in wanted)
        if found > best:
            best, text = found, decoded
    if best:
        return text
    try:
        return data.decode('cp1252')
    except UnicodeDecodeError:
        return data.decode('latin-1')


def read_data(path: Path) -> bytes:
    """Bytes of a regular file that is not empty.

    Raises:
        UserError: it is none.
    """
    try:
        if path.exists() and not path.is_file():
            raise UserError(f'{path}: is no regular file; give the file itself')
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f'{path}: cannot be read ({error.strerror})') from None
    if not data.strip():
        raise UserError(f'{path}: the file is empty; download it again')
    if b'\0' in data and _unicode_encoding(data) is None:
        raise UserError(f'{path}: a binary file where text is expected; download it again')
    return data


def read_text(path: Path) -> str:
    """Content of a text file.

    Raises:
        UserError: it cannot be read, is empty, or is binary.
    """
    return decode(read_data(path))


def numbered_lines(path: Path) -> Iterator[tuple[str, str]]:
    """``('file:line', content)`` of every line that is not blank; lines count from 1."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            yield f'{path.name}:{number}', line.strip()
