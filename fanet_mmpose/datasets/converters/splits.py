"""A fixed validation split where the release has none: seeded, by photograph or person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from fanet_mmpose.datasets.converters.records import FaceRecord


def assign_folds(
    records: Sequence[FaceRecord], val_fraction: float, test_fraction: float, seed: int
) -> list[FaceRecord]:
    """The records with `fold` set.

    Official splits stay. A release without val gives up `val_fraction` of its training faces,
    one without any split also `test_fraction` for a test. Faces of one group are not separated.
    """
    records = [replace(r, fold=r.split or 'train') for r in records]
    folds = {r.fold for r in records}
    if 'test' not in folds:
        records = _move(records, 'test', test_fraction, seed)
    if 'val' not in folds:
        records = _move(records, 'val', val_fraction, seed)
    return records


def _move(records: Sequence[FaceRecord], fold: str, fraction: float, seed: int) -> list[FaceRecord]:
    """Move whole groups from train until `fold` has at least the fraction of train's faces."""
    groups: dict[str, int] = defaultdict(int)
    for record in records:
        if record.fold == 'train':
            groups[record.group] += 1
    wanted = fraction * sum(groups.values())
    chosen: set[str] = set()
    taken = 0
    # By hash instead of a shuffle: one face more or less leaves the others where they were.
    for group in sorted(groups, key=lambda g: sha256(f'{seed}/{fold}/{g}'.encode()).digest()):
        if taken >= wanted or len(chosen) == len(groups) - 1:  # one stays to train on
            break
        chosen.add(group)
        taken += groups[group]
    moved = (r.fold == 'train' and r.group in chosen for r in records)
    return [replace(r, fold=fold) if m else r for r, m in zip(records, moved, strict=True)]
