"""Parquet and Arrow tables with a column of encoded pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fanet_mmpose.corpus.arrow import arrow, open_arrow
from fanet_mmpose.corpus.item import ARROW, PARQUET, Item
from fanet_mmpose.corpus.sources.source import SourceOptions, problem
from fanet_mmpose.errors import UserError

if TYPE_CHECKING:
    import pyarrow


class Table:
    """Rows of a table; keys are their numbers from 0. See `ParquetTable` and `ArrowTable`.

    Args:
        name: the file.
        options: names the column.
    """

    kind = ''

    def __init__(self, name: str, options: SourceOptions) -> None:
        self.name, self.column = name, options.image_column

    def items(self) -> Iterator[Item]:
        """See `Source`; of a cut table what can be read, and a problem."""
        first = 0
        try:
            with reading(self.name):
                for group, rows in enumerate(self.group_sizes()):
                    for row in range(rows):
                        yield Item(self.kind, self.name, str(first + row), (group, row))
                    first += rows
        except UserError as error:
            yield problem(self.name, str(error))

    def count(self) -> int:
        """See `Source`."""
        try:
            with reading(self.name):
                return sum(self.group_sizes())
        except UserError:
            return 1

    def group_sizes(self) -> Iterator[int]:
        """Rows of each row group or record batch. Raises `UserError` without the column."""
        raise NotImplementedError

    def check_column(self, schema: pyarrow.Schema) -> None:
        """Raise `UserError` unless the table has the column once."""
        if self.column not in schema.names:
            raise UserError(
                f'{self.name}: has no column {self.column!r} (it has {", ".join(schema.names)}): '
                'name the pictures with --image-column'
            )
        if (times := schema.names.count(self.column)) > 1:
            raise UserError(f'{self.name}: has {times} columns {self.column!r}: rename them')


class ParquetTable(Table):
    """A Parquet file; only its footer is read here."""

    kind = PARQUET

    def group_sizes(self) -> Iterator[int]:
        """See `Table`."""
        with arrow().parquet.ParquetFile(self.name) as file:
            self.check_column(file.schema_arrow)
            for group in range(file.num_row_groups):
                yield file.metadata.row_group(group).num_rows


class ArrowTable(Table):
    """An Arrow file or stream, mapped into memory."""

    kind = ARROW

    def group_sizes(self) -> Iterator[int]:
        """See `Table`."""
        schema, batches = open_arrow(self.name)
        self.check_column(schema)
        for batch in batches:
            yield batch.num_rows


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Errors of pyarrow as `UserError` that names the table."""
    try:
        yield
    except OSError as error:  # pyarrow's, too
        raise UserError(f'{name}: cannot be read ({error.strerror or error})') from error
    except arrow().ArrowException as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip('.')
        raise UserError(f'{name}: is cut or no table ({reason})') from error
    except (StopIteration, IndexError) as error:  # a row that was listed is not there
        raise UserError(f'{name}: is damaged here, or was changed after it was listed') from error
