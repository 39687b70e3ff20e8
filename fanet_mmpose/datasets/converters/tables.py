"""Tables as programs and spreadsheets save them: separators, names of columns, rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fanet_mmpose.datasets.converters.point_names import plain_name

IMAGE_COLUMNS = (
    'image', 'file_name', 'filename', 'file', 'path', 'image_name', 'image_path', 'imagename',
    'imagepath', 'file_path', 'filepath', 'image_id', 'img', 'img_name', 'img_path',
)  # fmt: skip
_FLAGS = {'visibility': 'v', 'vis': 'v', 'occlusion': 'occluded', 'occ': 'occluded',
          'hidden': 'occluded'}  # fmt: skip
_GROUPED = re.compile(r'[1-9]\d{0,2}(?:[.,]\d{3})+')
_AXIS = r'visibility|visible|vis|occlusion|occluded|occ|hidden|[xyv]'
_AXIS_LAST = re.compile(rf'(.*?)[\s_.:-]*({_AXIS})', re.IGNORECASE)
_AXIS_FIRST = re.compile(rf'({_AXIS})[\s_.:-]*(.*)', re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A table's rows as texts by column, with the line of each."""

    columns: list[str]
    rows: list[tuple[int, dict[str | None, Any]]] = field(default_factory=list)


def header(text: str) -> tuple[str, list[str]]:
    """Delimiter and names of the columns."""
    lines = [line for line in text.splitlines() if line.strip()]
    declared = re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.IGNORECASE) if lines else None
    if declared:
        lines = lines[1:]
    first = lines[0] if lines else ''
    delimiter = declared[1] if declared else max(',;\t|', key=first.count)
    if not declared and not first.count(delimiter):
        delimiter = ' '
    names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
    return delimiter, [name.strip().lstrip('#').strip() for name in names]


def read_table(text: str) -> Table:
    """Columns and rows; blank lines and a line ``sep=;`` are passed over."""
    delimiter, columns = header(text)
    table = Table(columns)
    lines = io.StringIO(text, newline=None)  # the line ends of any system
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    seen_header = False
    for cells in reader:
        blank = not any(cell.strip() for cell in cells)
        if blank or (len(cells) <= 2 and cells[0].strip('"').lower().startswith('sep=')):
            continue
        if not seen_header:
            seen_header = True
            continue
        row: dict[str | None, Any] = dict(zip(columns, cells, strict=False))
        if len(cells) != len(columns):
            row[None] = len(cells)
        table.rows.append((reader.line_num, row))
    return table


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def with_thousands(cells: Iterable[str]) -> str:
    """The first number that may have a separator of thousands; ``''`` for none.

    ``1,139`` may be 1139 or 1.139. Decimals are meant where a cell has another number of them, or
    where no cell is without. Numbers below 10 decide nothing, as they may mark absent points.
    """
    cells = [cell.strip() for cell in cells]
    separated = [cell for cell in cells if '.' in cell or ',' in cell]
    sure = next((cell for cell in separated if '.' in cell and ',' in cell), '')
    if sure or not all(map(_GROUPED.fullmatch, separated)):
        return sure
    whole = any(len(cell) > 1 and cell.isdecimal() for cell in cells)
    return separated[0] if separated and whole else ''


def image_column(columns: list[str]) -> str | None:
    """Name of the column of pictures, None where there is none."""
    plain = {}
    for name in columns:
        plain.setdefault(plain_name(name), name)
    wanted = (plain_name(name) for name in IMAGE_COLUMNS)
    return next((plain[name] for name in wanted if name in plain), None)


def axes_of(names: Iterable[str], is_label: Callable[[str], bool]) -> dict[str, dict[str, str]]:
    """Names of the columns of x, y and the flag by the label before or after these letters.

    The flag is ``v`` (COCO's), ``visible`` or ``occluded``, by whatever word the column has.

    Labels without x or y are left out.
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        for pattern, axis, rest in ((_AXIS_LAST, 2, 1), (_AXIS_FIRST, 1, 2)):
            match = pattern.fullmatch(name.strip())
            label = match[rest].strip() if match else ''
            if label and is_label(label):
                word = match[axis].lower()
                found.setdefault(label, {})[_FLAGS.get(word, word)] = name
                break
    return {label: axes for label, axes in found.items() if {'x', 'y'} <= set(axes)}
