"""Only uploads are served and deleted, whatever a path says."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from fanet_mmpose.serve.limits import Limits
from fanet_mmpose.serve.uploads import Uploads


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    (tmp_path / 'inside' / 'sha').mkdir(parents=True)
    (tmp_path / 'inside' / 'sha' / 'a.png').write_bytes(b'a')
    (tmp_path / 'outside.png').write_bytes(b'o')
    return Uploads(tmp_path / 'inside')


def test_an_upload_is_owned_until_it_is_forgotten(uploads: Uploads) -> None:
    path = uploads.folder / 'sha' / 'a.png'
    assert uploads.owns(str(path))
    uploads.forget(str(path))
    assert not uploads.owns(str(path))
    assert not list(uploads.folder.iterdir())


def test_another_visitors_file_stays(uploads: Uploads) -> None:
    other = uploads.folder / 'sha' / 'b.png'
    other.write_bytes(b'b')
    uploads.forget(str(uploads.folder / 'sha' / 'a.png'))
    assert list(uploads.folder.rglob('*.png')) == [other]


def test_nothing_else_is_owned(uploads: Uploads) -> None:
    outside = uploads.folder.parent / 'outside.png'
    link = uploads.folder / 'link.png'
    link.symlink_to(outside)
    for path in ('', '/etc/passwd', f'{uploads.folder}/../outside.png', str(link), 'a\0b',
                 str(uploads.folder), 'x' * 5000):  # fmt: skip
        assert not uploads.owns(path)
        uploads.forget(path)
    assert outside.is_file() and link.is_symlink()


def fill(uploads: Uploads, sizes: list[int], age: float = 0) -> list[Path]:
    """Files of these sizes, each older by a second than the next, the last `age` old."""
    paths = []
    for index, size in enumerate(sizes):
        path = uploads.folder / str(index) / 'p.png'
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
        changed = time.time() - age - (len(sizes) - index)
        os.utime(path, (changed, changed))
        paths.append(path)
    return paths


def test_old_uploads_go(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Limits(upload_seconds=60))
    fill(uploads, [1, 1], age=60)
    uploads.sweep()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ('limits', 'kept'), [(Limits(uploads=3), 3), (Limits(megabytes=1, bodies=2), 4)]
)
def test_number_and_size_are_bounded(tmp_path: Path, limits: Limits, kept: int) -> None:
    """The newest stay."""
    uploads = Uploads(tmp_path, limits)
    paths = fill(uploads, [500_000] * 5)
    assert not uploads.has_room()
    uploads.sweep()
    assert [path.exists() for path in paths] == [False] * (5 - kept) + [True] * kept


def test_there_is_room_below_the_bounds(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Limits(uploads=3))
    assert uploads.has_room()
    fill(uploads, [1, 1])
    assert uploads.has_room()
