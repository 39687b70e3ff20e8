"""Write a file whole or not at all, and say in a sentence why not."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fanet_mmpose.errors import UserError


@contextmanager
def system_errors_as_sentences(out: Path) -> Iterator[None]:
    """Turn what stops a long job that the same command can continue into a `UserError`."""
    try:
        yield
    except KeyboardInterrupt:
        raise UserError('interrupted; the same command continues from here') from None
    except OSError as error:
        raise UserError(
            f'{error.filename or out}: {error.strerror or error}; mend that, and the same '
            'command continues'
        ) from None


def write_bytes(path: Path, data: bytes) -> None:
    """Write under a temporary name, then rename; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f'.{path.name}.partial')
    partial.write_bytes(data)
    os.replace(partial, path)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` of UTF-8."""
    write_bytes(path, text.encode('utf-8'))


def write_json(path: Path, content: Any, indent: int | None = None) -> None:
    """`write_text` of JSON without NaN."""
    write_text(path, json.dumps(content, allow_nan=False, indent=indent))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """`write_text` of a comma-separated table."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator='\n')
    writer.writerow(header)
    writer.writerows(rows)
    write_text(path, buffer.getvalue())
