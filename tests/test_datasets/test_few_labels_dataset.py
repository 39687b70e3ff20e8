"""Draws are nested, of the sizes that are said, and of training faces only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.tiny_faces import write_split
from mmpose.registry import DATASETS

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.datasets.few_labels_dataset import KEPT, draw_ids, read_draw
from fanet_mmpose.errors import UserError

COUNT = 9
SIZES = {'1pct': 18, '50': 50, '5pct': 91, '10pct': 181, '20pct': 362}
FACES = 1812  # of data/300w/annotations/train.json
SEEDS = range(3)


pytestmark = pytest.mark.usefixtures('mmpose_scope')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_split(tmp_path, 'train', COUNT)
    return tmp_path


def few(root: Path, draw: Path | str, count: int):
    plain = dict(
        type='Face300WDataset',
        data_root=str(root),
        data_prefix=dict(img='images/'),
        ann_file='annotations/train.json',
        pipeline=[dict(type='LoadFaceImage')],
    )
    return DATASETS.build(dict(type='FewLabelsDataset', dataset=plain, draw=str(draw), count=count))


def list_ids(path: Path, *ids: int) -> Path:
    path.write_text('# a remark\n' + '\n'.join(map(str, ids)) + '\n')
    return path


@pytest.mark.parametrize('seed', SEEDS)
def test_our_draws_are_nested_and_without_repeats(seed: int) -> None:
    draws = [read_draw(f'300w_{seed}', count) for count in SIZES.values()]
    for smaller, larger in zip(draws, draws[1:], strict=False):
        assert larger[: len(smaller)] == smaller
    assert len(set(draws[-1])) == SIZES['20pct']


def test_sizes_are_the_percentages_that_the_recipes_name(repo: Path) -> None:
    for name, count in SIZES.items():
        if name.endswith('pct'):
            assert count == round(FACES * int(name.removesuffix('pct')) / 100)
        assert f'count={count})' in (repo / f'configs/semi/fanet_semi_300w_{name}.py').read_text()


def test_draws_differ_by_seed() -> None:
    first, second = (set(read_draw(f'300w_{seed}', 181)) for seed in (0, 1))
    assert len(first & second) < 60  # 18 by chance


@pytest.mark.parametrize('seed', SEEDS)
def test_our_draws_are_what_their_first_line_says(shared_dir: Path, seed: int) -> None:
    def ids(split: str) -> list[int]:
        path = shared_dir / 'data/300w/annotations' / f'{split}.json'
        return [face['id'] for face in json.loads(path.read_text())['annotations']]

    train = ids('train')
    assert len(train) == FACES
    drawn = read_draw(f'300w_{seed}', KEPT)
    assert drawn == draw_ids(train, seed)
    assert not set(drawn) & set(ids('val'))


def test_the_faces_are_those_named_in_their_order(root: Path) -> None:
    draw = list_ids(root / 'mine.txt', 105, 101, 108)
    for count in (1, 2, 3):
        faces = few(root, draw, count)
        assert [faces.get_data_info(i)['id'] for i in range(len(faces))] == [105, 101, 108][:count]
    assert faces.metainfo['num_keypoints'] == 68
    assert faces[0]['img'].shape == (64, 64, 3)


@pytest.mark.parametrize(
    ('draw', 'count', 'complaint'),
    [
        ('no_such', 1, 'give one of 300w_0'),
        ('300w_0', KEPT + 1, f'lists {KEPT} faces'),
        ('300w_0', 0, 'and 0 are asked for'),
        ('300w_0', 3, 'which draw 300w_0 names'),
    ],
)
def test_what_cannot_be_drawn_is_said(root: Path, draw: str, count: int, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        few(root, draw, count)


def test_a_list_that_is_none_is_named(root: Path) -> None:
    (root / 'bad.txt').write_text('one\n')
    with pytest.raises(UserError, match='bad.txt: is no list'):
        few(root, root / 'bad.txt', 1)
