"""A part: a Parquet or JSON Lines file that is written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np

from fanet_mmpose.corpus.arrow import arrow
from fanet_mmpose.corpus.rows import ARRAYS, Row, arrow_schema
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing, sync_folder

if TYPE_CHECKING:
    import pyarrow.parquet

PREFIX = 'part-'
GROUP_ROWS = 1024  # of a row group: held in memory until it is written


class RowFile(Protocol):
    """An open file of one format."""

    def add(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class ParquetRows:
    """Rows as row groups of a Parquet file. Raises `UserError` without pyarrow."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._parquet = file, arrow().parquet
        self._writer: pyarrow.parquet.ParquetWriter | None = None
        self._buffer: list[Row] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Append rows; the first one says which columns there are."""
        self._buffer += rows
        if len(self._buffer) >= GROUP_ROWS:
            self._write_group()

    def close(self) -> None:
        """Write the last row group and the footer."""
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._writer is None:
            schema = arrow_schema(*self._buffer[:1])
            self._writer = self._parquet.ParquetWriter(self._file, schema, compression='zstd')
        if self._buffer:
            self._writer.write_table(arrow().Table.from_pylist(self._buffer, self._writer.schema))
        self._buffer = []


class JsonRows:
    """Rows as lines of JSON; columns without a value are left out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, rows: Sequence[Row]) -> None:
        """Append lines."""
        for row in rows:
            line = {name: _plain(name, value) for name, value in row.items() if value is not None}
            self._file.write(json.dumps(line).encode() + b'\n')

    def close(self) -> None:
        """There is no footer."""


def _plain(name: str, value: Any) -> Any:
    if name not in ARRAYS:
        return value
    # As in Parquet, 32 bits; their shortest text.
    return [float(str(number)) for number in np.asarray(value, np.float32)]


FORMATS = {'parquet': ParquetRows, 'jsonl': JsonRows}


def part_name(number: int, kind: str) -> str:
    """File name of the part of a unit."""
    return f'{PREFIX}{number:09d}.{kind}'


@contextmanager
def writing_part(path: Path) -> Iterator[RowFile]:
    """A part under a temporary name, which takes its own when the block ends well.

    It is on the disk, not only in the system's memory, before it takes its name; so is the name
    at the end, before anybody notes that the part is there.

    Raises:
        UserError: it cannot be written, as on a full disk; nothing is left behind.
    """
    try:
        with replacing(path) as temporary, temporary.open('wb') as file:
            rows = FORMATS[path.suffix[1:]](file)
            yield rows
            rows.close()
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise UserError(f'{path}: cannot be written ({error.strerror or error})') from error


def remove_unfinished(out: Path) -> None:
    """Delete what runs that were killed left under temporary names."""
    for path in out.glob(f'.{PREFIX}*'):
        path.unlink(missing_ok=True)
