"""Metric and box transforms in MMEngine's runner, on noise, with an untrained stock model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from helpers.tiny_faces import write_project
from mmengine.registry import DefaultScope

from fanet_mmpose.engine.configs import load_config, merge_shared
from fanet_mmpose.engine.launch import build_runner
from fanet_mmpose.engine.options import RunOptions
from fanet_mmpose.evaluation.box_jitter_study import insert_jitter
from fanet_mmpose.evaluation.results_file import load_results


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    # The runner makes `mmpose` the default scope of the whole process.
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield


def test_metric_and_boxes(tmp_path: Path) -> None:
    config = load_config(write_project(tmp_path, train=1, test=7))
    file = tmp_path / 'result.json'
    config.test_evaluator = {
        'type': 'FaceLandmarkMetric',
        'ann_file': str(tmp_path / 'data' / 'annotations' / 'test.json'),
        'out_file': str(file),
    }
    config.test_dataloader.dataset.pipeline.insert(1, {'type': 'FaceBox', 'source': 'points'})
    config = insert_jitter(config, shift=0.1, scale=1.2, seed=0)
    merge_shared(config, tmp_path / 'tiny.py', RunOptions(work_dir=str(tmp_path / 'work')))
    metrics = build_runner(config).test()
    results = load_results(file)
    assert results.num_faces == 7
    assert results.model == 'tiny'
    assert results.protocol.box_source == 'points, jittered (shift 0.1, scale 1.2)'
    assert results.protocol.padding == pytest.approx(1.25)
    assert results.protocol.input_size == (64, 64)
    assert metrics['NME'] > 0
    longer = results.truth.max(axis=1) - results.truth.min(axis=1)
    assert results.boxes[:, 2] == pytest.approx(1.2 * longer.max(axis=1), rel=1e-4)
