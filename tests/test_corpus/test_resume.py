"""A part that a killed run could not note: how many inputs it holds is counted by its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('pyarrow')
from fanet_mmpose.corpus.item import Item  # noqa: E402
from fanet_mmpose.corpus.manifest import Manifest  # noqa: E402
from fanet_mmpose.corpus.part_writer import part_name, writing_part  # noqa: E402
from fanet_mmpose.corpus.resume import unfinished  # noqa: E402
from fanet_mmpose.corpus.rows import RowMaker  # noqa: E402


def test_members_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    items = [Item('tar', 'a.tar', 'same.png', (offset, 9)) for offset in (0, 1024, 2048)]
    manifest, rows = Manifest(tmp_path), RowMaker('0', '0')
    (unit,) = manifest.plan(iter(items), 10)
    with writing_part(tmp_path / part_name(unit.number, 'jsonl')) as part:
        part.add(rows.faces(items[0], [], (4, 4)))
        part.add([rows.error(items[1], 'is damaged')])
    (rest,) = unfinished(manifest, tmp_path, 'jsonl')
    assert rest.items == (items[2],)
    totals = manifest.totals()
    assert (totals.inputs, totals.errors) == (2, 1)
