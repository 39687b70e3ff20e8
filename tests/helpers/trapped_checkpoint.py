"""A checkpoint that creates a file if whatever reads it runs what it says."""

from __future__ import annotations

from pathlib import Path

import torch


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.path,))


class TrappedCheckpoint:
    """`path` is the checkpoint, `sprung` whether something in it ran."""

    def __init__(self, folder: Path) -> None:
        self.path, self._mark = folder / 'trapped.pth', folder / 'sprung'
        weights = {'backbone.conv1.weight': torch.ones(1)}
        torch.save(dict(state_dict=weights, meta=dict(epoch=1), trap=Trap(self._mark)), self.path)

    @property
    def sprung(self) -> bool:
        return self._mark.exists()


def write_config_trap(path: Path, mark: Path) -> None:
    """A checkpoint of plain data whose "config" is a program, which MMEngine would run."""
    program = f'open({str(mark)!r}, "w").close()\ngpu_ids = [0]\n'
    meta = dict(epoch=1, iter=1, config=program, cfg=program)
    torch.save(dict(state_dict={'weight': torch.ones(1)}, meta=meta, message_hub={}), path)
