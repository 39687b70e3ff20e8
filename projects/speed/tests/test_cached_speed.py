"""The ways that are compared differ in what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from projects.speed.cached_speed import WAYS, measure_ways  # noqa: E402
from projects.speed.training_speed import prepare  # noqa: E402
from tests.helpers.tiny_fanet import REPO  # noqa: E402


def test_the_same_faces_and_augmentation_each_way(tmp_path: Path) -> None:
    augmented, loaders = [], {}
    for name, (path, change) in WAYS.items():
        cfg = change(load_config(REPO / path))
        prepare(cfg, 24, str(tmp_path))
        dataset = cfg.train_dataloader.dataset
        inner = dataset.dataset if name == 'cached faces' else dataset
        assert (inner.indices, inner.ann_file) == (24, 'annotations/train.json')
        steps = cfg.model.data_preprocessor.get('augment', dataset.get('pipeline'))
        augmented.append([dict(step) for step in steps if step['type'].startswith('Random')])
        loaders[name] = inner.pipeline[0]['type']
    assert augmented[0] == augmented[1] == augmented[2]
    assert len(augmented[0]) == 4
    assert loaders == {
        'stock': 'LoadImage', 'kept crops': 'LoadFaceCrop', 'cached faces': 'LoadFaceCrop',
    }  # fmt: skip


def test_the_stock_way_has_nothing_of_ours_in_its_loop() -> None:
    path, change = WAYS['stock']
    cfg = change(load_config(REPO / path))
    assert cfg.train_dataloader.collate_fn.type == 'pseudo_collate'
    assert cfg.optim_wrapper.type == 'OptimWrapper'
    for name in ('BatchedEMA', 'ChannelsLastHook', 'QuickCPUHook', 'MergedGroupsConstructor'):
        assert name not in cfg.pretty_text


def test_ratios_are_of_each_round() -> None:
    speeds = iter([10.0, 20, 40, 20, 30, 100])
    rows = measure_ways(lambda cfg, faces: next(speeds), faces=24, rounds=2)
    assert [row.ratios for row in rows] == [[1, 1], [2, 1.5], [4, 5]]
    assert rows[2].faces_per_second == 70
