"""Whenever a training stops, a whole checkpoint is there, and nothing that it replaced stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import torch
from helpers.toy_runner import toy_runner
from mmengine.hooks import CheckpointHook
from mmpose.registry import HOOKS

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.engine import durable_file
from fanet_mmpose.engine.checkpoint import is_whole, read_checkpoint
from fanet_mmpose.engine.durable_checkpoint_hook import DurableCheckpointHook
from fanet_mmpose.engine.newest_checkpoint import newest_checkpoint
from fanet_mmpose.errors import UserError


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.is_file() and p.suffix != '.py')


class Stopped(BaseException):
    """What a kill is to the code that it hits."""


def test_it_stands_in_the_stock_hooks_place() -> None:
    assert HOOKS.get('CheckpointHook') is DurableCheckpointHook
    assert HOOKS.get('mmengine.CheckpointHook') is CheckpointHook


def test_what_stays_after_a_training(tmp_path: Path) -> None:
    toy_runner(tmp_path, 3, [3.0, 1.0, 2.0]).train()
    assert names(tmp_path) == ['best_NME_epoch_2.pth', 'epoch_3.pth', 'last_checkpoint']
    assert newest_checkpoint(tmp_path) == tmp_path / 'epoch_3.pth'


class Stopper:
    """Stops a training before the call number `last` of those that change a folder."""

    def __init__(self, last: int) -> None:
        self.left = last

    def guard(self, patch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        original = getattr(owner, name)

        def call(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise Stopped
            return original(*arguments, **named)

        patch.setattr(owner, name, call)


def stopped_training(folder: Path, last: int) -> bool:
    """Train until the call number `last` is due; whether there were fewer."""
    stopper = Stopper(last)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((os, 'replace'), (os, 'fsync'), (Path, 'unlink')):
            stopper.guard(patch, owner, name)
        try:
            toy_runner(folder, 2, [2.0, 1.0]).train()
        except Stopped:
            return False
    return True


def scores_to_come(newest: Path | None) -> list[float]:
    """Those of the validations that a resumed training does: also one that was missed."""
    if newest is None:
        return [2.0, 1.0]
    content = read_checkpoint(newest)
    epoch = content['meta']['epoch']
    done = content['message_hub']['runtime_info'].get('step_validated') == epoch
    return [2.0, 1.0][epoch - (not done) :]


def test_stopped_before_any_step_of_any_writing(tmp_path: Path) -> None:
    number = 0
    while not stopped_training(folder := tmp_path / str(number), number):
        newest = newest_checkpoint(folder)
        assert (newest is not None) == any(name.startswith('epoch_') for name in names(folder))
        assert newest is None or is_whole(newest)
        go_on = dict(load_from=str(newest), resume=True) if newest else {}
        toy_runner(folder, 2, scores_to_come(newest), **go_on).train()
        expected = ['best_NME_epoch_2.pth', 'epoch_2.pth', 'last_checkpoint']
        assert names(folder) == expected, f'stopped before call {number}'
        number += 1
    assert number > 15


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy_runner(tmp_path, 1).train()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(durable_file.os, 'fsync', full)
    runner = toy_runner(tmp_path, 2, load_from=str(tmp_path / 'epoch_1.pth'), resume=True)
    with pytest.raises(UserError, match=r'epoch_2.pth: cannot be written \(No space left'):
        runner.train()
    assert names(tmp_path) == ['epoch_1.pth', 'last_checkpoint']
    assert is_whole(tmp_path / 'epoch_1.pth')
    assert (tmp_path / 'last_checkpoint').read_text() == str(tmp_path / 'epoch_1.pth')


def test_nothing_outside_the_folder_is_removed(tmp_path: Path) -> None:
    """A checkpoint of a stranger may name any file as replaced, kept or best."""
    work, other = tmp_path / 'work', tmp_path / 'other.pth'
    toy_runner(work, 1, [2.0]).train()
    other.write_bytes(b'precious')
    path = work / 'epoch_1.pth'
    content = read_checkpoint(path)
    info = content['message_hub']['runtime_info']
    info.update(best_ckpt=str(other), outdated_ckpts=['../other.pth', str(other)])
    torch.save(content, path)
    toy_runner(work, 2, [1.0], load_from=str(path), resume=True).train()
    assert other.read_bytes() == b'precious'
    assert 'best_NME_epoch_2.pth' in names(work)


def test_another_trainings_files_stay(tmp_path: Path) -> None:
    toy_runner(tmp_path / 'a', 2).train()
    start, folder = tmp_path / 'a' / 'epoch_2.pth', tmp_path / 'b'
    folder.mkdir()
    (folder / 'epoch_1.pth').write_bytes(b'of another training')
    toy_runner(folder, 3, load_from=str(start), resume=True).train()
    assert names(folder) == ['epoch_1.pth', 'epoch_3.pth', 'last_checkpoint']


def test_leftovers_are_removed(tmp_path: Path) -> None:
    (tmp_path / '.epoch_7.pth.partial').write_bytes(b'half')
    toy_runner(tmp_path, 1).train()
    assert names(tmp_path) == ['epoch_1.pth', 'last_checkpoint']
