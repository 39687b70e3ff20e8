"""Files are written whole or not at all, whatever stops the writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import continuable, replacing, write_bytes, write_csv, write_json


def test_what_is_written_is_there_alone(tmp_path: Path) -> None:
    write_json(tmp_path / 'new' / 'a.json', {'é': 1})
    write_csv(tmp_path / 'new' / 'a.csv', ['x', 'y'], [['1', '2, 3']])
    assert (tmp_path / 'new' / 'a.json').read_bytes() == b'{"\\u00e9": 1}'
    assert (tmp_path / 'new' / 'a.csv').read_text() == 'x,y\n1,"2, 3"\n'
    assert sorted(path.name for path in (tmp_path / 'new').iterdir()) == ['a.csv', 'a.json']


@pytest.mark.parametrize('alone', [True, False])
def test_a_failure_leaves_what_was_there(alone: bool, tmp_path: Path) -> None:
    path = tmp_path / 'a.txt'
    path.write_text('before')
    with pytest.raises(ValueError, match='mine'), replacing(path, alone) as temporary:
        temporary.write_text('half')
        raise ValueError('mine')
    assert path.read_text() == 'before'
    assert [*tmp_path.iterdir()] == [path]


def test_the_next_writing_takes_the_place_of_what_a_kill_left(tmp_path: Path) -> None:
    path = tmp_path / 'a.png'
    with replacing(path, alone=True) as temporary:
        left = temporary
        temporary.write_bytes(b'new')
    left.write_bytes(b'half, and then killed')
    write_bytes(path, b'newer')
    assert path.read_bytes() == b'newer'
    assert [*tmp_path.iterdir()] == [path]


def test_a_long_job_says_that_it_can_go_on(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    with pytest.raises(UserError, match='file/a: cannot be written .*command continues'):  # noqa: SIM117
        with continuable(tmp_path):
            write_bytes(tmp_path / 'file' / 'a', b'')
    with pytest.raises(UserError, match='interrupted'), continuable(tmp_path):
        raise KeyboardInterrupt
    with pytest.raises(UserError, match='^mine$'), continuable(tmp_path):
        raise UserError('mine')
