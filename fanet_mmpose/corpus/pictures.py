"""Pictures of items, read where they lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tarfile import BLOCKSIZE
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from fanet_mmpose.corpus.arrow import arrow, open_arrow
from fanet_mmpose.corpus.item import FILE, PARQUET, TAR, Item
from fanet_mmpose.corpus.sources.table import reading
from fanet_mmpose.corpus.sources.tar_shard import is_member
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import MAX_MEGAPIXELS, check_bytes, load_image

if TYPE_CHECKING:
    import pyarrow

ROWS = 16  # of a table, decoded at once


class SourceGoneError(UserError):
    """A folder or file that was listed is no longer there: the fault is not the picture's.

    Args:
        source: what is gone.
    """

    def __init__(self, source: str) -> None:
        super().__init__(f'{source}: has vanished, run again when it is back')
        self.source = source


class PictureReader:
    """Loads items; keeps the container of the last one open, so items of a unit come in order.

    Args:
        image_column: see `SourceOptions`.
        max_megapixels: of one picture.
    """

    def __init__(self, image_column: str, max_megapixels: int = MAX_MEGAPIXELS) -> None:
        self._column, self._max_megapixels = image_column, max_megapixels
        self._open_name = ''
        self._tar: IO[bytes] | None = None
        self._rows: _Rows | None = None

    def load(self, item: Item) -> np.ndarray:
        """The picture, see `load_image`.

        Raises:
            SourceGoneError: the item's source no longer exists.
            UserError: the picture cannot be read; names it.
        """
        try:
            if item.kind == FILE:
                return load_image(item.key, self._max_megapixels)
            self._open(item)
            encoded = self._from_tar(item) if item.kind == TAR else self._from_table(item)
            return load_image(encoded, self._max_megapixels)
        except (UserError, OSError) as error:
            if not os.path.exists(item.source):
                raise SourceGoneError(item.source) from error
            sentence = str(error).removeprefix('the bytes: ').removeprefix(f'{item.name}: ')
            raise UserError(f'{item.name}: {sentence}') from error

    def _open(self, item: Item) -> None:
        if item.source == self._open_name:
            return
        if self._tar:
            self._tar.close()
        self._tar = self._rows = None
        if item.kind == TAR:
            self._tar = open(item.source, 'rb')  # noqa: SIM115 - closed when the next is opened
        else:
            self._rows = _Rows(item.kind, item.source, self._column)
        self._open_name = item.source

    def _from_tar(self, item: Item) -> bytes:
        offset, size = item.at
        check_bytes(size, item.name)
        self._tar.seek(offset - BLOCKSIZE)
        header, encoded = self._tar.read(BLOCKSIZE), self._tar.read(size)
        if len(encoded) < size:
            raise UserError('its tar file has been cut')
        if not is_member(header, item.key, size):
            raise UserError('is not where it was listed: its tar file has been replaced')
        return encoded

    def _from_table(self, item: Item) -> bytes:
        with reading(item.source):
            value = self._rows.get(*item.at)
        if isinstance(value, dict):  # as Hugging Face's `datasets` store pictures
            value = value.get('bytes')
        if not isinstance(value, bytes):
            raise UserError(f'column {self._column!r} has no encoded picture in this row')
        return value


class _Rows:
    """Values of a column by row group (or record batch) and row; cheap in rising order."""

    def __init__(self, kind: str, name: str, column: str) -> None:
        self._kind, self._name, self._column = kind, name, column
        self._place = (-1, -1)  # of the last value
        self._values: Iterator[Any] = iter(())
        self._batches: Iterator[pyarrow.RecordBatch] | None = None

    def get(self, group: int, row: int) -> Any:
        """The value there."""
        if group != self._place[0] or row <= self._place[1]:
            self._values = self._group(group, self._place[0])
            self._place = (group, -1)
        while self._place[1] < row:
            value = next(self._values)
            self._place = (group, self._place[1] + 1)
        return value

    def _group(self, group: int, last: int) -> Iterator[Any]:
        if self._kind == PARQUET:
            return self._parquet_group(group)
        return self._arrow_batch(group, last)

    def _parquet_group(self, group: int) -> Iterator[Any]:
        with arrow().parquet.ParquetFile(self._name) as file:
            batches = file.iter_batches(ROWS, row_groups=[group], columns=[self._column])
            for batch in batches:
                yield from batch.column(0).to_pylist()

    def _arrow_batch(self, group: int, last: int) -> Iterator[Any]:
        if self._batches is None or group <= last:
            self._batches, last = open_arrow(self._name)[1], -1
        for _ in range(group - last):
            batch = next(self._batches)
        yield from (value.as_py() for value in batch.column(self._column))
