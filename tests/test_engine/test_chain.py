"""A chain of trainings runs first things first, and only what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmengine')
from fanet_mmpose.engine.chain import find_chain  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


def write(folder: Path, **starts: str | None) -> None:
    for stem, start in starts.items():
        (folder / f'{stem}.py').write_text(f'load_from = {start!r}\n')


def test_starts_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, a=None, b='work_dirs/a/epoch_4.pth', c='work_dirs/b/epoch_2.pth')
    assert [path.stem for path in find_chain(tmp_path / 'c.py')] == ['a', 'b', 'c']
    (tmp_path / 'work_dirs' / 'a').mkdir(parents=True)
    (tmp_path / 'work_dirs' / 'a' / 'epoch_4.pth').touch()
    assert [path.stem for path in find_chain(tmp_path / 'c.py')] == ['b', 'c']


def test_other_weights_are_no_link_of_the_chain(tmp_path: Path) -> None:
    write(tmp_path, a='weights/trunk.pth')
    assert find_chain(tmp_path / 'a.py') == [tmp_path / 'a.py']


def test_a_missing_config_and_a_loop_are_named(tmp_path: Path) -> None:
    write(tmp_path, a='work_dirs/none/epoch_1.pth', b='work_dirs/c/x.pth', c='work_dirs/b/x.pth')
    with pytest.raises(UserError, match=r'none\.py: there is no such config'):
        find_chain(tmp_path / 'a.py')
    with pytest.raises(UserError, match='leads back'):
        find_chain(tmp_path / 'b.py')


def test_the_shipped_chain(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chain = find_chain(repo / 'configs/fanet_300w_192_harmonized.py')
    names = ['ytf68', 'tuned', 'harmonized', '192_harmonized']
    assert [path.stem for path in chain] == [f'fanet_300w_{name}' for name in names]
