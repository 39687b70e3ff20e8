"""Random splits: fixed by the seed, by photograph or person, of the size asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.datasets.converters.splits import assign_folds


def faces(names: Sequence[str], split: str = '', **fields: object) -> list[FaceRecord]:
    points, flags = np.zeros((1, 2)), np.full(1, 2)
    return [
        FaceRecord(name, Path(name), points, flags, split, f'{name}:{i}', **fields)
        for i, name in enumerate(names)
    ]


def folds(records: Sequence[FaceRecord]) -> dict[str, str]:
    return {record.where: record.fold for record in records}


@settings(deadline=None, derandomize=True)
@given(names=st.lists(st.sampled_from('abcdefghij'), min_size=1, max_size=60),
       fraction=st.floats(0, 1), seed=st.integers(0, 5))  # fmt: skip
def test_photographs_stay_whole(names: list[str], fraction: float, seed: int) -> None:
    records = assign_folds(faces(names, 'train') + faces(['z'], 'test'), fraction, 0, seed)
    by_photo = {r.name: {q.fold for q in records if q.name == r.name} for r in records}
    assert all(len(sides) == 1 for sides in by_photo.values())
    val = sum(r.fold == 'val' for r in records)
    largest = max(names.count(name) for name in names)
    assert val <= fraction * len(names) + largest
    train = {r.name for r in records if r.fold == 'train'}
    assert val >= fraction * len(names) or len(train) == 1
    assert train


def test_seed_decides_and_order_does_not() -> None:
    records = faces([str(i) for i in range(200)], 'train') + faces(['t'], 'test')
    first = folds(assign_folds(records, 0.1, 0, 0))
    assert folds(assign_folds(records[::-1], 0.1, 0, 0)) == first
    assert folds(assign_folds(records, 0.1, 0, 1)) != first


def test_one_face_less_hardly_moves_the_others() -> None:
    records = faces([str(i) for i in range(200)], 'train') + faces(['t'], 'test')
    first = folds(assign_folds(records, 0.1, 0, 0))
    again = folds(assign_folds(records[1:], 0.1, 0, 0))
    assert sum(first[where] != fold for where, fold in again.items()) <= 1


def test_people_stay_whole() -> None:
    records = [
        face
        for person in range(10)
        for face in faces([f'{person}_{i}' for i in range(5)], attributes={'subject': f'p{person}'})
    ]
    split = assign_folds(records, 0.2, 0.2, 0)
    for person in range(10):
        assert len({r.fold for r in split if r.attributes['subject'] == f'p{person}'}) == 1
    assert {r.fold for r in split} == {'train', 'val', 'test'}


def test_official_splits_stay() -> None:
    records = faces('ab', 'train') + faces('cd', 'val') + faces('ef', 'test')
    assert [r.fold for r in assign_folds(records, 0.5, 0.5, 0)] == [r.split for r in records]
