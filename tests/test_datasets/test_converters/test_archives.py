"""Archives come out as they went in, and only what was missing is written again."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters import archives
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


@pytest.mark.parametrize(
    'damage', [lambda d: d[: len(d) // 2], lambda d: b'PK' + d[2:50], lambda d: d[20:]]
)
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


def noisy_members(seed: int = 0) -> dict[str, bytes]:
    """Content that does not compress, so that a flipped bit changes a byte and breaks no code."""
    return {'a.bin': Random(seed).randbytes(3000), 'b.bin': Random(seed + 1).randbytes(100)}


@pytest.mark.parametrize('name', ['x.tar.gz', 'x.tar.bz2', 'x.tar.xz', 'x.zip'])
def test_one_flipped_bit_is_found_wherever_it_is(name: str, tmp_path: Path) -> None:
    path, rng = tmp_path / name, Random(3)
    if name.endswith('zip'):
        write_zip(path, noisy_members())
    else:
        with tarfile.open(path, f'w:{name[6:]}') as tar:
            for member, data in noisy_members().items():
                entry = tarfile.TarInfo(member)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    whole, accepted = path.read_bytes(), 0
    for attempt in range(40):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        out = tmp_path / f'out{attempt}'
        try:
            extract(path, out)
        except UserError:
            continue
        # Names and dates have no sum in a ZIP; the content must be right all the same.
        found = sorted(file.read_bytes() for file in out.rglob('*') if file.is_file())
        assert found == sorted(noisy_members().values())
        accepted += 1
    assert accepted < 10


def test_an_archive_that_unpacks_to_far_more_than_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, 'FREE', 1000)
    with zipfile.ZipFile(tmp_path / 'x.zip', 'w', zipfile.ZIP_DEFLATED) as packed:
        packed.writestr('zeros', bytes(10_000_000))
    write_tar(tmp_path / 'x.tar.gz', {'zeros': bytes(10_000_000)})
    write_tar(tmp_path / 'fair.tar.gz', {'text': b'ten of ten ' * 90})
    for name in ('x.zip', 'x.tar.gz'):
        with pytest.raises(UserError, match=f'{name}: refused, it unpacks to more than 200 times'):
            extract(tmp_path / name, tmp_path / 'out')
        assert not (tmp_path / 'out' / 'zeros').exists()
    extract(tmp_path / 'fair.tar.gz', tmp_path / 'out')


def test_an_archive_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, 'MAX_MEMBERS', 5)
    write_tar(tmp_path / 'x.tar.gz', {str(number): b'' for number in range(6)})
    with pytest.raises(UserError, match='or 5 files'):
        extract(tmp_path / 'x.tar.gz', tmp_path / 'out')


def test_a_full_disk_is_not_the_archives_fault(tmp_path: Path) -> None:
    """What was unpacked stays, and the same call goes on once there is room."""
    members = {'small.bin': b'1' * 100, 'large.bin': b'2' * 200_000}
    path, out = write_tar(tmp_path / 'x.tar.gz', members), tmp_path / 'out'
    program = (
        'import resource, sys\nfrom pathlib import Path\n'
        'from fanet_mmpose.datasets.converters.archives import extract\n'
        'resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n'
        'extract(Path(sys.argv[1]), Path(sys.argv[2]))\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', program, path, out], capture_output=True, text=True
    )
    assert 'OSError: [Errno 27] File too large' in done.stderr and 'download' not in done.stderr
    assert (out / 'small.bin').read_bytes() == members['small.bin']
    assert not (out / 'large.bin').exists()
    extract(path, out)
    assert (out / 'large.bin').read_bytes() == members['large.bin']
