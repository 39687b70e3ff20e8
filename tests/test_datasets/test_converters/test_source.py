"""Finding files in folders and archives."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from tests.helpers.tiny_releases import write_files, write_tar


def source(tmp_path: Path, *names: str) -> Source:
    write_files(tmp_path / 'in', {name: b'x' for name in names})
    return Source((tmp_path / 'in',), tmp_path / 'scratch')


def test_images_are_found_by_the_end_of_their_path(tmp_path: Path) -> None:
    found = source(tmp_path, 'x/0/a.jpg', 'x/2/a.jpg')
    assert found.image('2/a.jpg') == tmp_path / 'in/x/2/a.jpg'
    assert found.image('x/0/a.jpg') == tmp_path / 'in/x/0/a.jpg'
    for missing in ('3/a.jpg', '2/b.jpg', '', '.'):
        with pytest.raises(ValueError, match='missing|leaves'):
            found.image(missing)


def test_hidden_files_are_not_data(tmp_path: Path) -> None:
    found = source(tmp_path, 'a.pts', '._a.pts', '.git/b.pts', '__MACOSX/c.pts')
    assert [path.name for path in found.find('*.PTS')] == ['a.pts']


def test_parts_start_at_the_root(tmp_path: Path) -> None:
    found = source(tmp_path, 'helen/trainset/a.pts')
    (path,) = found.files
    assert found.parts(path) == ('in', 'helen', 'trainset')
    assert found.relative(path) == 'helen/trainset/a.pts'


def test_archives_in_a_folder_are_unpacked_unless_they_are(tmp_path: Path) -> None:
    write_tar(tmp_path / 'in.tar.gz', {'one.txt': b'1'})
    write_files(tmp_path / 'in', {'keep.txt': b'x'})
    write_tar(tmp_path / 'in' / 'a.tar.gz', {'two.txt': b'2'})
    write_tar(tmp_path / 'in' / 'b.tar.gz', {'three.txt': b'3'})
    write_files(tmp_path / 'in' / 'b', {'three.txt': b'3'})
    write_tar(tmp_path / 'in' / 'holiday.tar.gz', {'four.txt': b'4'})
    found = Source((tmp_path / 'in', tmp_path / 'in.tar.gz'), tmp_path / 'scratch', ('[ab].*',))
    names = sorted(path.name for path in found.find('*.txt'))
    assert names == ['keep.txt', 'one.txt', 'three.txt', 'two.txt']


def test_missing_file_names_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'list\.txt is not in .*in'):
        source(tmp_path, 'a.txt').find_one('list.txt')
