"""Fetched files are the published bytes, or nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.file_server import serving

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.cache import cache_folder, download, fetch, locate
from fanet_mmpose.weights.manifest import PublishedFile

# https://www.di-mgt.com.au/sha_testvectors.html: SHA-256 of "abc".
DIGEST = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
FILE = PublishedFile('detectors/a.onnx', DIGEST, 3)


pytestmark = pytest.mark.usefixtures('cache')


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / 'source').mkdir()
    (tmp_path / 'source' / 'a.onnx').write_bytes(b'abc')
    return tmp_path / 'source'


@pytest.fixture
def address(source: Path) -> Iterator[str]:
    """A server on this machine with the source's files."""
    with serving(source) as address:
        yield address


def test_where_the_cache_is(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    monkeypatch.delenv('FANET_CACHE')
    monkeypatch.setenv('XDG_CACHE_HOME', '/somewhere')
    assert cache_folder() == Path('/somewhere/fanet_mmpose')


def test_a_file_is_fetched_once(source: Path, address: str, cache: Path) -> None:
    assert fetch(FILE, address) == cache / 'a.onnx'
    (source / 'a.onnx').unlink()
    assert fetch(FILE, address).read_bytes() == b'abc'
    assert locate(FILE, source) == cache / 'a.onnx'


def test_a_folder_is_a_source_without_a_network(source: Path, cache: Path) -> None:
    assert fetch(FILE, str(source), offline=True) == cache / 'a.onnx'


def test_other_bytes_are_not_kept(source: Path, address: str, cache: Path) -> None:
    (source / 'a.onnx').write_bytes(b'abd')
    for where in (address, str(source)):
        with pytest.raises(UserError, match='SHA-256 is not the published one'):
            fetch(FILE, where)
    (source / 'a.onnx').write_bytes(b'abcd')
    with pytest.raises(UserError, match='is larger than 3 bytes: nothing was kept'):
        fetch(FILE, address)
    assert not any(cache.glob('*'))


def test_a_damaged_file_of_the_cache(source: Path, address: str, cache: Path) -> None:
    cache.mkdir()
    (cache / 'a.onnx').write_bytes(b'ab')
    with pytest.raises(UserError, match='is damaged.*run `fanet models --get a`'):
        locate(FILE, source.parent)
    fetch(FILE, address)
    assert locate(FILE, source.parent).read_bytes() == b'abc'


def test_what_stands_in_the_way_is_named(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match='is missing here: run `fanet models --get a`'):
        locate(FILE, tmp_path)
    with pytest.raises(UserError, match='has no address yet: name a folder'):
        fetch(FILE)
    with pytest.raises(UserError, match='a.onnx: is missing: name another --source'):
        fetch(FILE, str(tmp_path))
    with pytest.raises(UserError, match='the server says 404'):
        fetch(FILE, f'{address}/nothing')
    with pytest.raises(UserError, match=r'cannot be fetched .*: is there a network\?'):
        download('http://127.0.0.1:9/a', tmp_path / 'a', None)
    monkeypatch.setenv('FANET_OFFLINE', '1')
    with pytest.raises(UserError, match='offline nothing is fetched'):
        fetch(FILE, address)
    assert not (tmp_path / 'a').exists()
