"""The held-out part is fixed, disjoint by photograph, and complete with its other half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.tiny_faces import write_split
from hypothesis import given, settings
from hypothesis import strategies as st
from mmpose.registry import DATASETS

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.datasets.held_out import is_held_out
from fanet_mmpose.datasets.hold_out_dataset import HoldOutDataset
from fanet_mmpose.errors import UserError

COUNT = 30
MEMBERS = [29, 33, 35, 37, 41, 42, 43, 59]  # of 0.jpg, 1.jpg, … for one in ten


pytestmark = pytest.mark.usefixtures('mmpose_scope')


@pytest.fixture(scope='module')
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('faces')
    write_split(folder, 'train', COUNT)
    return folder


def plain(root: Path, **changes: Any) -> dict:
    return dict(
        type='Face300WDataset',
        data_root=str(root),
        data_prefix=dict(img='images/'),
        ann_file='annotations/train.json',
        pipeline=[dict(type='LoadFaceImage')],
        **changes,
    )


def names(part: HoldOutDataset) -> list[str]:
    return [Path(part.get_data_info(index)['img_path']).name for index in range(len(part))]


def test_two_halves_are_disjoint_and_complete(root: Path) -> None:
    rest = HoldOutDataset(plain(root), held_out=False, every=3)
    held = HoldOutDataset(plain(root), held_out=True, every=3)
    assert len(held) > 0
    assert sorted(names(rest) + names(held)) == sorted(
        f'train_{i}.jpg' for i in range(1, COUNT + 1)
    )


def test_faces_of_one_photograph_stay_together_in_any_order(root: Path) -> None:
    content = json.loads((root / 'annotations' / 'train.json').read_text())
    twins = [dict(face, id=face['id'] + 1000) for face in content['annotations']]
    content['annotations'] = (twins + content['annotations'])[::-1]
    content['images'].reverse()
    (root / 'annotations' / 'twins.json').write_text(json.dumps(content))
    before = HoldOutDataset(plain(root), held_out=True, every=3)
    after = HoldOutDataset(dict(plain(root), ann_file='annotations/twins.json'), True, every=3)
    assert set(names(after)) == set(names(before))
    assert len(after) == 2 * len(before)


def test_samples_and_metainfo_are_the_datasets_own(root: Path) -> None:
    part = HoldOutDataset(plain(root), held_out=False, every=3)
    assert part.metainfo['num_keypoints'] == 68
    assert part[0]['img'].shape == (64, 64, 3)
    part.metainfo['flip_indices'].clear()
    assert len(part.metainfo['flip_indices']) == 68


def test_lazy_part_reads_when_asked(root: Path) -> None:
    part = HoldOutDataset(plain(root), held_out=True, every=3, lazy_init=True)
    assert part.metainfo['dataset_name'] == '300w'
    assert len(part) == len(HoldOutDataset(plain(root), held_out=True, every=3))
    length = len(part)
    part.full_init()
    assert len(part) == length


def test_parts_can_be_combined(root: Path) -> None:
    part = dict(type='HoldOutDataset', dataset=plain(root), held_out=False, every=3)
    both = DATASETS.build(
        dict(
            type='CombinedDataset',
            metainfo=dict(from_file='configs/_base_/datasets/300w.py'),
            datasets=[part, part],
        )
    )
    both.full_init()
    assert len(both) == 2 * len(HoldOutDataset(plain(root), held_out=False, every=3))
    np.testing.assert_array_equal(both[0]['img'], both[len(both) // 2]['img'])


def test_an_empty_part_is_refused(root: Path) -> None:
    with pytest.raises(UserError, match='every=1000000.*train.json has no face'):
        HoldOutDataset(plain(root), held_out=True, every=1_000_000)


def test_every_must_leave_something(root: Path) -> None:
    with pytest.raises(UserError, match='every is 1'):
        HoldOutDataset(plain(root), held_out=False, every=1)


def test_a_combination_is_refused(root: Path) -> None:
    combined = dict(
        type='CombinedDataset',
        metainfo=dict(from_file='configs/_base_/datasets/300w.py'),
        datasets=[plain(root)],
    )
    with pytest.raises(UserError, match='CombinedDataset'):
        HoldOutDataset(combined, held_out=True)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.text(min_size=1), st.integers(2, 50), st.sampled_from(['', 'data/x/', '/elsewhere/']))
def test_membership_ignores_the_folder(name: str, every: int, folder: str) -> None:
    name = name.replace('/', '_')
    assert is_held_out(folder + name, every) == is_held_out(name, every)


def test_about_one_in_every_is_held_out() -> None:
    share = np.mean([is_held_out(f'{index}.jpg', 10) for index in range(20_000)])
    assert share == pytest.approx(0.1, abs=0.01)


def test_membership_never_changes() -> None:
    assert [index for index in range(60) if is_held_out(f'{index}.jpg', 10)] == MEMBERS
