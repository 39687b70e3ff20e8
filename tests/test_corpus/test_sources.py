"""Each kind of source lists its inputs, and the reader finds the picture that was meant."""

from __future__ import annotations

import inspect
import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fanet_mmpose.corpus.item import PROBLEM, Item
from fanet_mmpose.corpus.job_file import JOB_FILE
from fanet_mmpose.corpus.manifest import Manifest
from fanet_mmpose.corpus.pictures import PictureReader, SourceGoneError
from fanet_mmpose.corpus.sources import SourceOptions, open_source
from fanet_mmpose.errors import UserError

OPTIONS = SourceOptions()


def listed(path: Path) -> list[Item]:
    return list(open_source(str(path), OPTIONS).items())


def encoded(value: int) -> bytes:
    return cv2.imencode('.png', np.full((4, 4, 3), value, np.uint8))[1].tobytes()


def test_a_folder_is_walked_in_order_and_a_loop_is_a_problem(
    make_pictures: Callable[..., Path],
) -> None:
    folder = make_pictures(3)
    (folder / 'z').symlink_to(folder)
    (folder / 'note.json').write_text('{}')
    *pictures, loop = listed(folder)
    assert [Path(item.key).name for item in pictures] == ['00000.png', '00001.png', '00002.png']
    assert loop.kind == PROBLEM and 'leads back' in loop.at[0]


def test_overlapping_sources_enter_once(make_pictures: Callable[..., Path], tmp_path: Path) -> None:
    folder = make_pictures(3)
    (tmp_path / 'list.txt').write_text('\n'.join(str(path) for path in folder.iterdir()))
    items = [*listed(folder), *listed(tmp_path / 'list.txt')]
    assert len(items) == 6
    (unit,) = Manifest(tmp_path).plan(iter(items), 10)
    assert len(unit.items) == 3


def tar(path: Path, count: int) -> Path:
    files = path.parent / 'files'
    files.mkdir(exist_ok=True)
    with tarfile.open(path, 'w') as shard:
        for number in range(count):
            for suffix, content in (('png', encoded(number)), ('json', b'{}')):
                file = files / f'{number}.{suffix}'
                file.write_bytes(content)
                shard.add(file, file.name)
    return path


def test_a_tar_shard(tmp_path: Path) -> None:
    items = listed(tar(tmp_path / 'a.tar', 3))
    assert [item.key for item in items] == ['0.png', '1.png', '2.png']
    reader = PictureReader('image')
    assert [int(reader.load(item)[0, 0, 0]) for item in items] == [0, 1, 2]


@pytest.mark.parametrize('size', [700, 1024, 3584])
def test_half_a_tar(tmp_path: Path, size: int) -> None:
    path = tar(tmp_path / 'a.tar', 3)
    path.write_bytes(path.read_bytes()[:size])
    items = listed(path)
    assert items[-1].kind == PROBLEM
    assert all(item.kind != PROBLEM for item in items[:-1])


def test_tars_that_were_put_together(tmp_path: Path) -> None:
    whole = tar(tmp_path / 'a.tar', 2).read_bytes()
    (tmp_path / 'b.tar').write_bytes(whole * 2)
    *pictures, problem = listed(tmp_path / 'b.tar')
    assert len(pictures) == 2 and 'another tar follows' in problem.at[0]
    (tmp_path / 'b.tar').write_bytes(whole + bytes(4096) + b'what an old program left')
    assert len(listed(tmp_path / 'b.tar')) == 2


def test_a_member_with_holes_does_not_hide_those_after_it(tmp_path: Path) -> None:
    picture = tmp_path / 'a.png'
    picture.write_bytes(encoded(1))
    os.truncate(picture, 1 << 20)
    (tmp_path / 'b.png').write_bytes(encoded(2))
    command = ['tar', '--sparse', '-cf', tmp_path / 's.tar', '-C', tmp_path, 'a.png', 'b.png']
    if not shutil.which('tar') or subprocess.run(command, capture_output=True).returncode:
        pytest.skip('this tar knows no holes')
    problem, item = listed(tmp_path / 's.tar')
    assert '--sparse' in problem.at[0]
    assert int(PictureReader('image').load(item)[0, 0, 0]) == 2


def write_tar(path: Path, members: dict[str, bytes], kind: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, 'w', format=kind) as shard:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            shard.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize('kind', [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_names_that_a_header_does_not_hold(tmp_path: Path, kind: int) -> None:
    names = ['d/' * 150 + 'a.png', 'ü.png', os.fsdecode(b'\xe9.png'), 'n\n.png']
    members = {name: encoded(number) for number, name in enumerate(names)}
    items = listed(write_tar(tmp_path / 'a.tar', members, kind))
    reader = PictureReader('image')
    assert [item.key for item in items] == names
    assert [int(reader.load(item)[0, 0, 0]) for item in items] == [0, 1, 2, 3]


def test_a_tar_that_was_replaced_after_it_was_listed(tmp_path: Path) -> None:
    """A picture that lies where another was must not pass for it."""
    members = {f'{number}.png': encoded(number).ljust(200, b'\0') for number in range(3)}
    items = listed(write_tar(tmp_path / 'a.tar', members))
    write_tar(tmp_path / 'a.tar', dict(reversed(members.items())))
    reader = PictureReader('image')
    assert int(reader.load(items[1])[0, 0, 0]) == 1
    for item in (items[0], items[2]):
        with pytest.raises(UserError, match='has been replaced'):
            reader.load(item)


@pytest.mark.parametrize('name', ['t.parquet', 't.arrow'])
def test_two_columns_of_the_name(tmp_path: Path, name: str) -> None:
    columns = [pa.array([encoded(number)]) for number in (1, 2)]
    table = pa.Table.from_arrays(columns, names=['image', 'image'])
    if name == 't.parquet':
        pq.write_table(table, tmp_path / name)
    else:
        with pa.ipc.new_file(tmp_path / name, table.schema) as writer:
            writer.write_table(table)
    (item,) = listed(tmp_path / name)
    assert item.kind == PROBLEM and "2 columns 'image'" in item.at[0]


@pytest.mark.parametrize('kind', ['parquet', 'file', 'stream', 'struct'])
def test_tables(tmp_path: Path, kind: str) -> None:
    pictures = [encoded(number) for number in range(5)]
    values = [{'bytes': value} for value in pictures] if kind == 'struct' else pictures
    table = pa.table({'image': values})
    path = tmp_path / ('t.arrow' if kind in ('file', 'stream') else 't.parquet')
    if path.suffix == '.parquet':
        pq.write_table(table, path, row_group_size=2)
    else:
        writer = (pa.ipc.new_file if kind == 'file' else pa.ipc.new_stream)(path, table.schema)
        with writer:
            writer.write_table(table, max_chunksize=2)
    items = listed(path)
    assert [item.key for item in items] == list('01234')
    reader = PictureReader('image')
    order = [0, 1, 3, 4, 2]
    assert [int(reader.load(items[index])[0, 0, 0]) for index in order] == order


def test_a_table_without_the_column_and_a_cut_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({'picture': [b'']}), tmp_path / 't.parquet')
    (item,) = listed(tmp_path / 't.parquet')
    assert item.kind == PROBLEM and '--image-column' in item.at[0]
    (tmp_path / 'cut.parquet').write_bytes((tmp_path / 't.parquet').read_bytes()[:-9])
    (item,) = listed(tmp_path / 'cut.parquet')
    assert item.kind == PROBLEM and 'cut' in item.at[0]


def test_a_missing_picture_is_named_and_a_missing_folder_is_not_its_fault(tmp_path: Path) -> None:
    reader, key = PictureReader('image'), str(tmp_path / 'in' / 'a.png')
    item = Item('file', str(tmp_path / 'in'), key)
    with pytest.raises(SourceGoneError, match='has vanished'):
        reader.load(item)
    (tmp_path / 'in').mkdir()
    with pytest.raises(UserError, match=r'a\.png: cannot be read') as raised:
        reader.load(item)
    assert not isinstance(raised.value, SourceGoneError)


def test_lists_as_windows_and_old_file_systems_write_them(tmp_path: Path) -> None:
    path = tmp_path / 'list.txt'
    path.write_bytes(b'\xef\xbb\xbfa.png\r\n\r\nl\xe9.png\na\r.png\n\0.png\n')
    *names, nul = listed(path)
    assert [item.key for item in names] == ['a.png', 'l\udce9.png', 'a\r.png']
    assert nul.kind == PROBLEM and nul.digest
    path.write_bytes('a.png\r\nü.png\r\n'.encode('utf-16'))
    assert [item.key for item in listed(path)] == ['a.png', 'ü.png']
    path.write_bytes(path.read_bytes()[:-1])
    assert listed(path)[-1].kind == PROBLEM


@pytest.mark.parametrize('name', ['p.tar', 'p.parquet', 'p.mp4', 'p.png', 'p.txt'])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(UserError, match=r'is no regular file.*list of paths'):
        listed(tmp_path / name)  # as `<(find pictures)` of a shell is one
    for item in listed(tmp_path):
        if item.kind != PROBLEM:
            with pytest.raises(UserError, match='is no regular file'):
                PictureReader('image').load(item)


def test_a_folder_deeper_than_python_recurses(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*'d' * 200)
    deepest.mkdir(parents=True)
    (deepest / 'a.png').touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    try:
        (item,) = listed(tmp_path)
    finally:
        sys.setrecursionlimit(limit)
    assert item.key == str(deepest / 'a.png')


def test_what_cannot_be_a_source_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / JOB_FILE).touch()
    for name, sentence in (
        (tmp_path, 'is an output of'),
        (tmp_path / ('x' * 300), 'cannot be read'),
        (tmp_path / 'no', 'no such file'),
    ):
        with pytest.raises(UserError, match=sentence):
            listed(name)


def test_a_table_that_shrinks_after_it_was_listed(tmp_path: Path) -> None:
    path = tmp_path / 't.parquet'
    pq.write_table(pa.table({'image': [encoded(1)] * 5}), path, row_group_size=2)
    items = listed(path)
    pq.write_table(pa.table({'image': [encoded(1), None]}), path)
    reader = PictureReader('image')
    assert reader.load(items[0]).shape == (4, 4, 3)
    for item in items[1:]:
        with pytest.raises(UserError, match=r't\.parquet'):
            reader.load(item)
