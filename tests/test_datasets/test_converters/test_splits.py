"""Random splits: fixed by the seed, by photograph or person, of the size asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.datasets.converters.splits import assign_folds, persons_in_several_splits
from fanet_mmpose.datasets.held_out import is_held_out


def faces(names: Sequence[str], split: str = '', **fields: object) -> list[FaceRecord]:
    points, flags = np.zeros((1, 2)), np.full(1, 2)
    return [
        FaceRecord(name, Path(name), points, flags, split, f'{name}:{i}', **fields)
        for i, name in enumerate(names)
    ]


def folds(records: Sequence[FaceRecord]) -> dict[str, str]:
    return {record.where: record.fold for record in records}


@settings(deadline=None, derandomize=True)
@given(names=st.lists(st.sampled_from('abcdefghij'), min_size=2, max_size=60),
       every=st.integers(2, 20), seed=st.integers(0, 5))  # fmt: skip
def test_photographs_stay_whole_and_no_side_is_empty(
    names: list[str], every: int, seed: int
) -> None:
    records = assign_folds(faces(names, 'train') + faces(['z'], 'test'), every, every, seed)
    by_photo = {r.name: {q.fold for q in records if q.name == r.name} for r in records}
    assert all(len(sides) == 1 for sides in by_photo.values())
    folds_there = {'train', 'test', 'val'} if len(set(names)) > 1 else {'train', 'test'}
    assert {r.fold for r in records} == folds_there


@pytest.mark.parametrize('every', [5, 20])
def test_seed_0_holds_out_what_the_configs_hold_out(every: int) -> None:
    records = faces([f'0--Parade/{i}.jpg' for i in range(300)], 'train') + faces(['t'], 'test')
    val = {r.name for r in assign_folds(records, every, every, 0) if r.fold == 'val'}
    assert val == {r.name for r in records[:-1] if is_held_out(r.name, every)}


def test_seed_decides_and_order_does_not() -> None:
    records = faces([str(i) for i in range(200)], 'train') + faces(['t'], 'test')
    first = folds(assign_folds(records, 10, 10, 0))
    assert folds(assign_folds(records[::-1], 10, 10, 0)) == first
    assert folds(assign_folds(records, 10, 10, 1)) != first


def test_one_face_less_does_not_move_the_others() -> None:
    records = faces([str(i) for i in range(200)], 'train') + faces(['t'], 'test')
    first = folds(assign_folds(records, 10, 10, 0))
    again = folds(assign_folds(records[1:], 10, 10, 0))
    assert all(first[where] == fold for where, fold in again.items())


def test_people_stay_whole() -> None:
    records = [
        face
        for person in range(10)
        for face in faces([f'{person}_{i}' for i in range(5)], person=f'p{person}')
    ]
    split = assign_folds(records, 3, 3, 0)
    for person in range(10):
        assert len({r.fold for r in split if r.person == f'p{person}'}) == 1
    assert {r.fold for r in split} == {'train', 'val', 'test'}


def test_official_splits_stay() -> None:
    records = faces('ab', 'train') + faces('cd', 'val') + faces('ef', 'test')
    assert [r.fold for r in assign_folds(records, 2, 2, 0)] == [r.split for r in records]


def test_a_few_labels_need_no_test() -> None:
    records = assign_folds(faces([str(i) for i in range(50)]), 10, 0, 0)
    assert {r.fold for r in records} == {'train', 'val'}


def test_persons_in_several_splits_are_counted() -> None:
    people = [
        *faces(['a'], split='train', person='0'),
        *faces(['b'], split='test', person='0'),
        *faces(['c', 'd'], split='val', person='1'),
        *faces(['e', 'f'], split='test'),
    ]
    assert persons_in_several_splits(assign_folds(people, 10, 0, 0)) == 1
