"""Only uploads are served and deleted, whatever a path says."""

from __future__ import annotations

from pathlib import Path

import pytest

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
