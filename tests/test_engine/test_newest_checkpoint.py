"""A killed training goes on from the newest file that is whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from fanet_mmpose.engine.newest_checkpoint import newest_checkpoint
from fanet_mmpose.errors import UserError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Epochs 1 to 3, and the pointer to the third."""
    for epoch in (1, 2, 3):
        path = tmp_path / f'epoch_{epoch}.pth'
        torch.save(dict(state_dict={'weight': torch.full((9,), float(epoch))}), path)
        os.utime(path, (epoch, epoch))
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'epoch_3.pth'))
    return tmp_path


def test_the_pointer_is_followed(folder: Path) -> None:
    (folder / 'last_checkpoint').write_text(str(folder / 'epoch_2.pth'))
    assert newest_checkpoint(folder) == folder / 'epoch_2.pth'


@pytest.mark.parametrize('left', [None, b'', b'PK\x03\x04half'])
def test_a_file_that_is_gone_or_half_written(folder: Path, left: bytes | None) -> None:
    if left is None:
        (folder / 'epoch_3.pth').unlink()
    else:
        (folder / 'epoch_3.pth').write_bytes(left)
    assert newest_checkpoint(folder) == folder / 'epoch_2.pth'


@pytest.mark.parametrize('pointer', [None, ''])
def test_a_pointer_that_is_gone_or_empty(folder: Path, pointer: str | None) -> None:
    (folder / 'last_checkpoint').unlink()
    if pointer is not None:
        (folder / 'last_checkpoint').write_text(pointer)
    assert newest_checkpoint(folder) == folder / 'epoch_3.pth'


@pytest.mark.parametrize('pointer', [None, b'\xff\xfe', b'epoch_9.pth'])
def test_no_file_is_whole(folder: Path, pointer: bytes | None) -> None:
    """Not as if nothing had been saved: that would start anew without a word."""
    for path in folder.glob('*.pth'):
        path.write_bytes(path.read_bytes()[:99])
    if pointer is not None:
        (folder / 'last_checkpoint').write_bytes(pointer)
    with pytest.raises(UserError, match=r'every checkpoint there is damaged'):
        newest_checkpoint(folder)


def test_nothing_was_saved(tmp_path: Path) -> None:
    assert newest_checkpoint(tmp_path) is None
    assert newest_checkpoint(tmp_path / 'nowhere') is None
