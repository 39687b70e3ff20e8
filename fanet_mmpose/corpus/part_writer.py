"""A part: a Parquet or JSON Lines file that is written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np

from fanet_mmpose.corpus.arrow import arrow
from fanet_mmpose.corpus.rows import ARRAYS, Row, arrow_schema
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing

PREFIX = 'part-'
ROWS = 1024  # held in memory until they are written


class RowFile(Protocol):
    """An open file of one format."""

    def write(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class ParquetRows:
    """Rows as row groups of a Parquet file. Raises `UserError` without pyarrow."""

    def __init__(self, file: IO[bytes]) -> None:
        arrow()
        from pyarrow.parquet import ParquetWriter

        self._open = lambda schema: ParquetWriter(file, schema, compression='zstd')
        self._schema, self._writer = arrow_schema(), None

    def write(self, rows: Sequence[Row]) -> None:
        """Append a row group; the first row says which columns there are."""
        if self._writer is None:
            self._schema = arrow_schema(rows[0]) if rows else self._schema
            self._writer = self._open(self._schema)
        self._writer.write_table(arrow().Table.from_pylist(list(rows), self._schema))

    def close(self) -> None:
        """Write the footer."""
        (self._writer or self._open(self._schema)).close()


class JsonRows:
    """Rows as lines of JSON; columns without a value are left out."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, rows: Sequence[Row]) -> None:
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


KINDS = {'parquet': ParquetRows, 'jsonl': JsonRows}


def part_name(number: int, kind: str) -> str:
    """File name of the part of a unit."""
    return f'{PREFIX}{number:09d}.{kind}'


class PartWriter:
    """Rows to a file, some at a time. See `writing_part`."""

    def __init__(self, rows: RowFile) -> None:
        self._rows, self._waiting = rows, []

    def add(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._waiting += rows
        if len(self._waiting) >= ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            self._rows.write(self._waiting)
            self._waiting = []


@contextmanager
def writing_part(path: Path) -> Iterator[PartWriter]:
    """A part under a temporary name, which takes its own when the block ends well.

    It is on the disk, not only in the system's memory, before it takes its name.

    Raises:
        UserError: it cannot be written, as on a full disk; nothing is left behind.
    """
    with replacing(path) as temporary:
        try:
            with temporary.open('wb') as file:
                rows = KINDS[path.suffix[1:]](file)
                writer = PartWriter(rows)
                yield writer
                writer.flush()
                rows.close()
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UserError(f'{path}: cannot be written ({error.strerror or error})') from error


def remove_unfinished(out: Path) -> None:
    """Delete what runs that were killed left under temporary names."""
    for path in out.glob(f'.{PREFIX}*'):
        path.unlink(missing_ok=True)
