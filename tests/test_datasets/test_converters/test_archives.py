"""Archives come out as they went in, and only what was missing is written again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters.archives import (
    archive_stem,
    extract,
    is_archive,
    safe_member,
)
from fanet_mmpose.errors import UserError
from tests.helpers.tiny_releases import write_tar, write_zip

FILES = {'a/b.txt': b'hello', 'c d.bin': bytes(range(256)), 'empty': b''}


@pytest.mark.parametrize('name', ['x.tar.gz', 'x.zip'])
def test_round_trip(name: str, tmp_path: Path) -> None:
    write = write_zip if name.endswith('zip') else write_tar
    extract(write(tmp_path / name, {**FILES, '__MACOSX/._b.txt': b'litter'}), tmp_path / 'out')
    found = {
        str(path.relative_to(tmp_path / 'out')): path.read_bytes()
        for path in (tmp_path / 'out').rglob('*')
        if path.is_file()
    }
    assert found == FILES


@pytest.mark.parametrize('name', ['x.tar.gz', 'x.zip'])
def test_second_run_writes_only_what_is_missing(name: str, tmp_path: Path) -> None:
    write = write_zip if name.endswith('zip') else write_tar
    archive = write(tmp_path / name, FILES)
    extract(archive, tmp_path / 'out')
    kept, short = tmp_path / 'out' / 'c d.bin', tmp_path / 'out' / 'a' / 'b.txt'
    before = kept.stat().st_mtime_ns
    short.write_bytes(b'hel')
    extract(archive, tmp_path / 'out')
    assert kept.stat().st_mtime_ns == before and short.read_bytes() == b'hello'


def test_zip_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo('link')
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / 'x.zip', 'w') as packed:
        packed.writestr(link, '/etc/passwd')
    with pytest.raises(UserError, match='link'):
        extract(tmp_path / 'x.zip', tmp_path / 'out')


@pytest.mark.parametrize('damage', [lambda d: d[: len(d) // 2], lambda d: b'PK' + d[2:50]])
def test_damaged_zip(damage: object, tmp_path: Path) -> None:
    path = write_zip(tmp_path / 'x.zip', FILES)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError, match=r'x\.zip: damaged'):
        extract(path, tmp_path / 'out')


@settings(deadline=None, derandomize=True)
@given(name=st.text(alphabet='./\\ab:', max_size=12))
def test_no_member_leaves_the_root(name: str) -> None:
    root = Path('/data/root')
    try:
        member = safe_member(Path('x.tar'), name)
    except UserError:
        return
    if member is not None:
        assert root in (root / member).resolve().parents or (root / member).resolve() == root


@pytest.mark.parametrize(
    ('name', 'stem'),
    [('a.tar.gz', 'a'), ('a.b.TGZ', 'a.b'), ('a.zip', 'a'), ('a.tar', 'a'), ('a.gz.jpg', None)],
)
def test_archive_names(name: str, stem: str | None) -> None:
    assert is_archive(Path(name)) is (stem is not None)
    if stem is not None:
        assert archive_stem(Path(name)) == stem
