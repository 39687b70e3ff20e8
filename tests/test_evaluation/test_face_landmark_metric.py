"""The registered metric: agreement with MMPose's NME, annotations, protocol, many processes."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmpose')

import torch.distributed
import torch.multiprocessing
from mmengine.logging import MessageHub
from mmpose.evaluation.metrics import NME
from mmpose.registry import METRICS

import fanet_mmpose.evaluation.face_landmark_metric  # noqa: F401
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.geometry.schemas import get_schema

from .samples import make_samples, write_annotations

MMPOSE_SETTINGS = {
    'inter_ocular': {'norm_mode': 'keypoint_distance'},
    'box_longer_side': {'norm_mode': 'use_norm_item', 'norm_item': 'bbox_size'},
}


@pytest.fixture(autouse=True)
def no_other_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests' runners have left their configs with MMEngine."""
    monkeypatch.setattr(MessageHub, '_instance_dict', OrderedDict())


def evaluate(
    samples: list[dict], batch: int = 4, size: int | None = None, **settings: object
) -> dict[str, float]:
    metric = METRICS.build({'type': 'FaceLandmarkMetric', **settings})
    metric.dataset_meta = {'dataset_name': '300w'}
    for start in range(0, len(samples), batch):
        metric.process({}, samples[start : start + batch])
    return metric.evaluate(len(samples) if size is None else size)


@pytest.mark.parametrize('schema', ['300w68', 'wflw98', 'cofw29', 'lapa106'])
@pytest.mark.parametrize('normalizer', sorted(MMPOSE_SETTINGS))
def test_agrees_with_mmpose(schema: str, normalizer: str) -> None:
    # The same number of absent points in each face: both ways of averaging agree.
    samples = make_samples(9, get_schema(schema).num_points, absent=5)
    ours = evaluate(samples, schema=schema, normalizer=normalizer)
    metric = NME(**MMPOSE_SETTINGS[normalizer])
    metric.dataset_meta = {'dataset_name': get_schema(schema).dataset_name}
    metric.process({}, samples)
    assert ours['NME'] == pytest.approx(100 * metric.evaluate(9)['NME'], rel=1e-5)


def test_keys() -> None:
    metrics = evaluate(make_samples(5))
    expected = {'NME', 'NME_low', 'NME_high', 'NME_inner51', 'NME_inter_pupil', 'NME_mouth'}
    expected |= {'NME_box_diagonal', 'FR7', 'FR8', 'FR10', 'AUC7', 'AUC8', 'AUC10'}
    expected |= {'P50', 'P90', 'P95', 'P99'}
    assert expected <= set(metrics)
    assert all(isinstance(value, float) for value in metrics.values())


def test_prefix() -> None:
    assert 'dev/NME' in evaluate(make_samples(2), prefix='dev')


def test_schema_of_the_data_is_the_default() -> None:
    with pytest.raises(UserError, match='300w68 need'):
        evaluate(make_samples(2, 29))


def test_batches_and_repeats_change_nothing() -> None:
    samples = make_samples(7)
    once = evaluate(samples, batch=7)
    assert evaluate(samples, batch=3) == once
    # A sampler that pads with repeats which the size does not cut off.
    assert evaluate(samples + samples[:2], batch=4) == once


def test_same_id_in_two_datasets_is_two_faces() -> None:
    first, second = make_samples(2)
    second['id'] = first['id']
    assert evaluate([first, second])['NME'] != evaluate([first])['NME']


def evaluate_rank(rank: int, world_size: int, folder: str) -> None:
    torch.distributed.init_process_group(
        'gloo', init_method=f'file://{folder}/meeting', rank=rank, world_size=world_size
    )
    samples = make_samples(7)
    padded = samples + samples[: -len(samples) % world_size]
    metrics = evaluate(padded[rank::world_size], batch=2, size=7, collect_dir=f'{folder}/parts')
    Path(folder, f'{rank}.json').write_text(json.dumps(metrics))
    torch.distributed.destroy_process_group()  # its threads must not outlive the process


def test_two_processes_equal_one(tmp_path: Path) -> None:
    torch.multiprocessing.spawn(evaluate_rank, (2, str(tmp_path)), nprocs=2)
    alone = evaluate(make_samples(7))
    for rank in range(2):
        assert json.loads((tmp_path / f'{rank}.json').read_text()) == pytest.approx(alone)


def test_annotations_bring_subsets_occlusion_and_box_size(tmp_path: Path) -> None:
    samples = make_samples(6)
    file = write_annotations(tmp_path / 'val.json', samples, blur=[0, 1] * 3, box_size=[50.0] * 6)
    metrics = evaluate(samples, ann_file=file, subsets={'sharp': {'blur': 0}})
    assert {'NME_visible', 'NME_occluded', 'NME_box_size', 'NME_blur', 'NME_sharp'} <= set(metrics)
    sharp = evaluate(samples[::2])
    assert metrics['NME_sharp'] == pytest.approx(sharp['NME'])


def test_norm_box_from_annotations(tmp_path: Path) -> None:
    samples = make_samples(3)
    file = write_annotations(tmp_path / 'val.json', samples)
    metrics = evaluate(samples, ann_file=file, norm_box='bbox', normalizer='box_diagonal')
    errors = [
        np.linalg.norm(
            s['pred_instances']['keypoints'] - s['gt_instances']['keypoints'], axis=-1
        ).mean()
        for s in samples
    ]
    assert metrics['NME'] == pytest.approx(100 * np.mean(errors) / 50, rel=1e-5)


def test_raw_annotation_in_the_sample_is_enough() -> None:
    samples = make_samples(3)
    for i, sample in enumerate(samples):
        flags = np.full((68, 1), 1 + i % 2)
        points = np.hstack([sample['gt_instances']['keypoints'][0], flags])
        sample['raw_ann_info'] = {'id': i, 'keypoints': points.ravel().tolist()}
    assert 'NME_occluded' in evaluate(samples)


def test_visibility_with_weights() -> None:
    samples = make_samples(4)
    for sample in samples:
        visible = np.ones((1, 68, 2), np.float32)
        visible[0, :10, 0] = 0  # occluded
        visible[0, 60:] = 0  # absent
        sample['gt_instances']['keypoints_visible'] = visible
        sample['pred_instances']['keypoints'][0, 60:] += 1000
    metrics = evaluate(samples)
    assert metrics['NME_occluded'] < 50
    assert metrics['NME'] < 50


def test_results_file(tmp_path: Path) -> None:
    samples = make_samples(4)
    file = tmp_path / 'out' / 'results.json'
    metrics = evaluate(
        samples, out_file=str(file), protocol={'checkpoint_rule': 'last epoch', 'flip_test': True}
    )
    stored = load_results(file)
    assert json.loads(file.read_text())['summary']['all']['nme'] == pytest.approx(metrics['NME'])
    assert stored.protocol.line() == (
        'box: ground-truth points (tight box, longer side); padding: 1.25x; input: 128x128; '
        'flip test: yes; checkpoint: last epoch'
    )
    # Scales are given in px of the 128 px crop and stored in px of the image.
    np.testing.assert_allclose(
        stored.scales[:, 0], [2 * s['input_scale'][0] / 128 for s in samples], atol=1e-3
    )


def test_protocol_of_the_running_config(tmp_path: Path) -> None:
    hub = MessageHub.get_instance('protocol test')
    config = """
model = dict(test_cfg=dict(flip_test=True))
load_from = 'work_dirs/x/best_NME_epoch_9.pth'
test_dataloader = dict(dataset=dict(pipeline=[dict(type='FaceBox', source='rectangle')]))
"""
    hub.update_info_dict({'cfg': config, 'loop_stage': 'test', 'experiment_name': 'fanet_300w'})
    file = tmp_path / 'results.json'
    evaluate(make_samples(2), out_file=str(file))
    stored = load_results(file)
    assert stored.model == 'fanet_300w'
    assert stored.protocol.box_source == 'rectangle'
    assert stored.protocol.flip_test is True
    assert stored.protocol.checkpoint_rule.startswith('best on validation data')


def test_unreadable_config_costs_no_number() -> None:
    MessageHub.get_instance('damaged').update_info('cfg', 'model = dict(')
    assert math.isfinite(evaluate(make_samples(2))['NME'])


def test_other_models_need_no_scales() -> None:
    samples = make_samples(2)
    for sample in samples:
        del sample['pred_instances']['keypoint_scales']
        del sample['input_scale'], sample['input_size']
    assert math.isfinite(evaluate(samples)['NME'])


def test_wrong_use_says_why(tmp_path: Path) -> None:
    samples = make_samples(2)
    file = write_annotations(tmp_path / 'val.json', samples[:1])
    with pytest.raises(UserError, match='has no annotation 2'):
        evaluate(samples, ann_file=file)
    with pytest.raises(UserError, match='norm_box'):
        evaluate(samples, norm_box='bbox')
    with pytest.raises(UserError, match='no box'):
        evaluate(samples[:1], ann_file=file, norm_box='rectangle')
    with pytest.raises(UserError, match='unknown normalizer'):
        evaluate(samples, normalizer='iris')
    with pytest.raises(UserError, match='unknown entry'):
        evaluate(samples, protocol={'box': 'points'})
    with pytest.raises(UserError, match='no face'):
        evaluate([], size=0)
