"""Tables whose cells hold JSON: the CSV exports of VIA and Label Studio, as their JSON has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.tables import header, read_table
from fanet_mmpose.errors import UserError

_CELLS_OF_VIA = {'filename', 'region_shape_attributes', 'region_attributes'}


def is_via_table(source: Source, path: Path) -> bool:
    """Whether a CSV file has VIA 2's columns."""
    return set(header(source.read_text(path))[1]) >= _CELLS_OF_VIA


def via_entries(source: Source, path: Path) -> list[dict[str, Any]]:
    """A picture each, with its ``regions``; the table has a line for each region.

    Raises:
        UserError: a cell is not JSON.
    """
    entries: dict[str, dict[str, Any]] = {}
    for line, row in read_table(source.read_text(path)).rows:
        about = _parsed(path, line, row.get('file_attributes') or '{}')
        new = {'filename': row['filename'], 'file_attributes': about, 'regions': []}
        entry = entries.setdefault(row['filename'], new)
        shape = _parsed(path, line, row['region_shape_attributes'] or '{}')
        if shape:
            attributes = _parsed(path, line, row['region_attributes'] or '{}')
            region = {'shape_attributes': shape, 'region_attributes': attributes}
            entry['regions'].append(region)
    return list(entries.values())


def label_studio_tasks(source: Source, path: Path) -> list[dict[str, Any]]:
    """Tasks as JSON-MIN has them; none where no cell holds key points."""
    text = source.read_text(path)
    if 'keypointlabels' not in text:
        return []
    return [
        {str(name): _regions(path, line, cell) for name, cell in row.items()}
        for line, row in read_table(text).rows
    ]


def _regions(path: Path, line: int, cell: Any) -> Any:
    is_list = isinstance(cell, str) and cell.startswith('[')
    return _parsed(path, line, cell) if is_list else cell


def _parsed(path: Path, line: int, cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        raise UserError(f'{path}:{line}: {cell[:40]!r} is not JSON; export it again') from None
