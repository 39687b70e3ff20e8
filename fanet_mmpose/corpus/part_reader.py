"""Rows of parts, back from the disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from fanet_mmpose.corpus.arrow import arrow
from fanet_mmpose.corpus.part_writer import PREFIX
from fanet_mmpose.corpus.rows import ARRAYS, COLUMNS, Row
from fanet_mmpose.errors import UserError


def parts_of(out: str | Path) -> list[Path]:
    """The parts in an output folder, or the one part that `out` is, in order."""
    path = Path(out)
    return [path] if path.is_file() else sorted(path.glob(f'{PREFIX}*'))


def read_rows(out: str | Path, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Rows of an output folder or of one part, a row group at a time.

    Args:
        out: the folder, or a part.
        columns: read only these.

    Returns:
        Rows by column: None where there is no value, lists as float32 arrays: ``box`` [4],
        ``points`` [K, 2], the others [K].

    Raises:
        UserError: a part is damaged or lacks a column.
    """
    names = tuple(columns or COLUMNS)
    for part in parts_of(out):
        read = _read_json if part.suffix == '.jsonl' else _read_parquet
        try:
            for row in read(part, names):
                yield {name: _value(name, row[name]) for name in names}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                f'{part}: is damaged or no part of `fanet annotate` ({error})'
            ) from error


def _read_parquet(part: Path, names: Sequence[str]) -> Iterator[Row]:
    with arrow().parquet.ParquetFile(part) as file:
        for batch in file.iter_batches(batch_size=1024, columns=list(names)):
            yield from batch.to_pylist()


def _read_json(part: Path, names: Sequence[str]) -> Iterator[Row]:
    with part.open(encoding='utf-8') as lines:
        for line in lines:
            yield {**dict.fromkeys(names), **json.loads(line)}


def _value(name: str, value: object) -> object:
    if value is None or name not in ARRAYS:
        return value
    array = np.asarray(value, np.float32)
    return array.reshape(-1, 2) if name == 'points' else array
