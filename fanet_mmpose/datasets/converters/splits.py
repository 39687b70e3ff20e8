"""A fixed validation split where the release has none: by photograph or person.

With seed 0 the rule is `HoldOutDataset`'s, so a config that holds a part out of a stock training
file and one that reads ``val.json`` validate on the same faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.datasets.held_out import is_held_out, name_hash


def assign_folds(
    records: Sequence[FaceRecord], val_every: int, test_every: int, seed: int
) -> list[FaceRecord]:
    """The records with `fold` set.

    Official splits stay. A release without val gives up about one in `val_every` of its training
    photographs, one without any split first one in `test_every` for a test (0: none). Faces of one
    group are not separated, no face's side depends on the other faces, and no side is left empty.
    """
    records = [replace(r, fold=r.split or 'train') for r in records]
    folds = {r.fold for r in records}
    if 'test' not in folds and test_every:
        records = _move(records, 'test', test_every, f'test{seed}-')
    if 'val' not in folds:
        records = _move(records, 'val', val_every, f'{seed}-' if seed else '')
    return records


def _move(records: Sequence[FaceRecord], fold: str, every: int, prefix: str) -> list[FaceRecord]:
    """Move whole groups from train to `fold`."""
    names = {r.group: prefix + PurePath(r.group).name for r in records if r.fold == 'train'}
    groups = sorted(names, key=lambda group: (name_hash(names[group]), group))
    chosen = {group for group in groups if is_held_out(names[group], every)}
    if not chosen:
        chosen = set(groups[:1])
    if len(chosen) == len(groups):
        chosen -= set(groups[-1:])
    moved = (r.fold == 'train' and r.group in chosen for r in records)
    return [replace(r, fold=fold) if m else r for r, m in zip(records, moved, strict=True)]
