"""pyarrow, which is an optional dependency, and Arrow files, which are of two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from fanet_mmpose.errors import UserError

if TYPE_CHECKING:
    import pyarrow


def arrow() -> ModuleType:
    """The module `pyarrow`, with `pyarrow.parquet`. Raises `UserError` that says how to get it."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UserError(
            'Parquet and Arrow need pyarrow: pip install "fanet_mmpose[corpus]", or write JSON '
            'Lines with --format jsonl'
        ) from error
    return pyarrow


def open_arrow(name: str) -> tuple[pyarrow.Schema, Iterator[pyarrow.RecordBatch]]:
    """Schema and record batches of an Arrow file or stream, mapped into memory.

    Raises:
        pyarrow.ArrowInvalid: it is neither; while iterating, it is cut.
    """
    ipc, mapped = arrow().ipc, arrow().memory_map(name)
    try:
        file = ipc.open_file(mapped)
    except arrow().ArrowInvalid:
        mapped.seek(0)
        stream = ipc.open_stream(mapped)
        return stream.schema, iter(stream)
    return file.schema, map(file.get_batch, range(file.num_record_batches))
