"""What a run makes of the plan and the parts that an earlier one left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip('pyarrow')
from fanet_mmpose.corpus.item import Item  # noqa: E402
from fanet_mmpose.corpus.manifest import MANIFEST_FILE, TABLES, Manifest  # noqa: E402
from fanet_mmpose.corpus.part_writer import part_name, writing_part  # noqa: E402
from fanet_mmpose.corpus.resume import check_parts, unfinished  # noqa: E402
from fanet_mmpose.corpus.rows import RowMaker  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


def test_members_of_one_name_in_a_part_that_was_not_noted(tmp_path: Path) -> None:
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


def relative_files(folder: Path, names: str) -> Iterator[Item]:
    """Pictures of a relative folder, each of its folder's own content."""
    (folder / 'in').mkdir(parents=True)
    for name in names:
        (folder / 'in' / name).write_text(f'{folder.name} {name}')
        yield Item('file', 'in', f'in/{name}')


def test_a_plan_of_another_working_directory_means_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / 'here', tmp_path / 'there'
    items = list(relative_files(here, 'ab'))
    list(relative_files(there, 'ab'))
    items.append(Item('tar', 'in/a', 'x.png', (512, 9)))
    monkeypatch.chdir(here)
    Manifest(tmp_path).plan(iter(items), 10)
    manifest = Manifest(tmp_path)
    (unit,) = manifest.planned()
    assert list(unit.items) == items
    monkeypatch.chdir(there)
    (unit,) = manifest.planned()
    assert [Path(item.key).read_text() for item in unit.items[:2]] == ['here a', 'here b']
    assert Path(unit.items[2].source) == here / 'in' / 'a' and unit.items[2].key == 'x.png'
    assert [item.digest for item in manifest.split(unit, 1)[1].items] == [
        item.digest for item in unit.items[1:]
    ]


def test_a_manifest_of_the_first_version(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / MANIFEST_FILE) as old:
        old.executescript(TABLES)
        item = ['file', 'in', 'in/a.png', []]
        old.execute('INSERT INTO units (unit, items) VALUES (0, ?)', [json.dumps([item])])
    manifest = Manifest(tmp_path)
    (unit,) = manifest.planned()
    assert unit.items == (Item('file', 'in', 'in/a.png'),)
    assert len(manifest.plan(iter([Item('file', 'in', 'in/b.png')]), 1)) == 1


def test_inputs_of_a_deleted_part_are_new_ones(tmp_path: Path) -> None:
    items = [Item('file', '/in', f'/in/{number}.png') for number in range(6)]
    manifest, rows = Manifest(tmp_path), RowMaker('0', '0')
    listed = iter(items)
    for _ in range(3):
        (unit,) = manifest.plan(listed, 2)
        with writing_part(tmp_path / part_name(unit.number, 'jsonl')) as part:
            part.add([rows.error(item, 'is damaged') for item in unit.items])
        manifest.finish(unit, 0, 2)
    assert check_parts(manifest, tmp_path, 'jsonl') == 0
    (tmp_path / part_name(1, 'jsonl')).unlink()
    assert check_parts(manifest, tmp_path, 'jsonl') == 1
    assert manifest.totals().inputs == 4
    (unit,) = manifest.plan(iter(items), 6)
    assert unit.items == tuple(items[2:4])


@pytest.mark.parametrize('damage', [Path.unlink, lambda path: path.write_bytes(b'')])
def test_a_part_that_the_manifest_does_not_know_is_not_written_over(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    manifest = Manifest(tmp_path)
    manifest.plan(iter([Item('file', '/in', '/in/a.png')]), 1)
    (tmp_path / part_name(0, 'parquet')).touch()
    assert check_parts(manifest, tmp_path, 'parquet') == 0  # of a run that was killed
    manifest.close()
    damage(tmp_path / MANIFEST_FILE)
    with pytest.raises(UserError, match=r'does not know part-000000000\.parquet'):
        check_parts(Manifest(tmp_path), tmp_path, 'parquet')
