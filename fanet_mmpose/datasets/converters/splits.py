"""A fixed validation split where the release has none: by photograph or person.

With seed 0 the rule is `HoldOutDataset`'s, so a config that holds a part out of a stock training
file and one that reads ``val.json`` validate on the same faces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath, PurePosixPath

from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.datasets.held_out import is_held_out, name_hash
from fanet_mmpose.errors import UserError

_MIRRORED = re.compile(
    r'[-_ ]?(mirror(ed)?|h?flip(ped)?)$|^(mirror(ed)?|h?flip(ped)?)[-_ ]', re.IGNORECASE
)
_AUGMENTED = re.compile(r'\.rf\.[0-9a-zA-Z]{8,}$')


def assign_folds(
    records: Sequence[FaceRecord], val_every: int, test_every: int, seed: int
) -> list[FaceRecord]:
    """The records with `fold` set.

    Official splits stay. A release without val gives up about one in `val_every` of its training
    photographs, one without any split first one in `test_every` for a test (0: none). What belongs
    together is not separated (see `groups`), no face's side depends on the other faces, and no side
    is left empty.

    Raises:
        UserError: the splits of some faces are said, and those of others not.
    """
    _refuse_mixture(records)
    records = [replace(r, fold=r.split or 'train') for r in records]
    folds = {r.fold for r in records}
    together = groups(records)
    if 'test' not in folds and test_every:
        records = _move(records, together, 'test', test_every, f'test{seed}-')
    if 'val' not in folds:
        records = _move(records, together, 'val', val_every, f'{seed}-' if seed else '')
    return records


def persons_in_several_splits(records: Sequence[FaceRecord]) -> int:
    """How many persons have faces in more than one split, as their file says it.

    A test on faces of somebody from training says little about strangers.
    """
    folds: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.person:
            folds[record.person].add(record.fold)
    return sum(len(found) > 1 for found in folds.values())


def groups(records: Sequence[FaceRecord]) -> list[str]:
    """Name of each record's group, which a random split must not separate.

    Faces of one photograph, of one person (`FaceRecord.group`), a picture and its mirror image
    (``a_mirror.jpg``, ``flip_a.jpg``), and the pictures that Roboflow made of one belong together.
    """
    parent: dict[str, str] = {}

    def top(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    names = {str(PurePosixPath(r.name).with_suffix('')): r.name for r in records}
    keys = []
    for record in records:
        photo = _original(record.name, names)
        key = photo if record.group == record.name else record.group
        keys.append(key)
        parent[top(photo)] = top(key)  # the person's name stays the group's
    return [top(key) for key in keys]


def _original(name: str, names: Mapping[str, str]) -> str:
    """Name of the picture that this one was made of, if it says so; else its own.

    Args:
        name: a picture's.
        names: of all pictures, by the same without suffix.
    """
    path = PurePosixPath(name)
    augmented = _AUGMENTED.sub('', path.stem)
    if augmented != path.stem:
        return str(path.with_name(augmented))
    plain = _MIRRORED.sub('', path.stem)
    return names.get(str(path.with_name(plain)), name) if plain else name


def _refuse_mixture(records: Sequence[FaceRecord]) -> None:
    silent = [r for r in records if not r.split]
    said = next((r for r in records if r.split), None)
    if said is not None and silent:
        raise UserError(
            f'{silent[0].where}: says no split ({len(silent)} of {len(records)} faces), while '
            f'{said.where} is in {said.split}; name the split of each face, or of none '
            '(docs/datasets.md has the words)'
        )


def _move(
    records: Sequence[FaceRecord], together: Sequence[str], fold: str, every: int, prefix: str
) -> list[FaceRecord]:
    """Move whole groups from train to `fold`."""
    pairs = list(zip(records, together, strict=True))
    names = {group: prefix + PurePath(group).name for r, group in pairs if r.fold == 'train'}
    ordered = sorted(names, key=lambda group: (name_hash(names[group]), group))
    chosen = {group for group in ordered if is_held_out(names[group], every)}
    if not chosen:
        chosen = set(ordered[:1])
    if len(chosen) == len(ordered):
        chosen -= set(ordered[-1:])
    return [
        replace(r, fold=fold) if r.fold == 'train' and group in chosen else r for r, group in pairs
    ]
