"""The jitter study: where the transform goes, which settings run, what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from mmengine.config import Config

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation import box_jitter_study
from fanet_mmpose.evaluation.box_jitter_study import (
    JitterGrid,
    JitterPoint,
    insert_jitter,
    jitter_figure,
    save_jitter,
    study_box_jitter,
)

PIPELINE = [{'type': 'LoadFaceImage'}, {'type': 'GetBBoxCenterScale'}, {'type': 'TopdownAffine'}]
TYPES = ['LoadFaceImage', 'BoxJitter', 'GetBBoxCenterScale', 'TopdownAffine']


def config_with(dataset: dict) -> Config:
    return Config({'test_dataloader': {'dataset': dataset}})


def test_jitter_goes_before_the_crop() -> None:
    config = config_with({'pipeline': PIPELINE})
    pipeline = insert_jitter(config, 0.1, 1.2, 5).test_dataloader.dataset.pipeline
    assert [step.type for step in pipeline] == TYPES
    assert (pipeline[1].shift, pipeline[1].scale, pipeline[1].seed) == (0.1, 1.2, 5)
    assert len(config.test_dataloader.dataset.pipeline) == 3


def test_wrapped_dataset() -> None:
    config = config_with({'type': 'RepeatDataset', 'dataset': {'pipeline': PIPELINE}})
    inner = insert_jitter(config, 0, 1, 0).test_dataloader.dataset.dataset
    assert [step.type for step in inner.pipeline] == TYPES


def test_no_crop() -> None:
    with pytest.raises(UserError, match='GetBBoxCenterScale'):
        insert_jitter(config_with({'pipeline': [{'type': 'LoadFaceImage'}]}), 0, 1, 0)


def test_grid_changes_one_thing_at_a_time() -> None:
    settings = list(JitterGrid((0, 0.1), (0.8, 1, 1.2)).settings())
    assert settings == [(0, 1), (0.1, 1), (0, 0.8), (0, 1.2)]


def write_config(folder: Path) -> Path:
    path = folder / 'model.py'
    path.write_text(f'test_dataloader = dict(dataset=dict(pipeline={PIPELINE}))')
    return path


def test_each_setting_is_tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake_test(path: Path, checkpoint: str, options: object) -> dict[str, float]:
        step = Config.fromfile(path).test_dataloader.dataset.pipeline[1]
        return {'NME': 3 + 10 * step.shift, 'FR10': step.scale}

    monkeypatch.setattr(box_jitter_study, 'test', fake_test)
    points = study_box_jitter(write_config(tmp_path), 'x.pth', JitterGrid((0, 0.1), (1.2,)))
    assert points == [
        JitterPoint(0, 1, 3, 1),
        JitterPoint(0.1, 1, 4, 1),
        JitterPoint(0, 1.2, 3, 1.2),
    ]


def test_other_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_jitter_study, 'test', lambda *_: {'PCK': 1.0})
    with pytest.raises(UserError, match='FaceLandmarkMetric'):
        study_box_jitter(write_config(tmp_path), 'x.pth')


def test_saved(tmp_path: Path) -> None:
    save_jitter([JitterPoint(0.1, 1, 3.5, 2)], tmp_path / 'new' / 'jitter.json', seed=4)
    content = json.loads((tmp_path / 'new' / 'jitter.json').read_text())
    assert content == {'seed': 4, 'points': [{'shift': 0.1, 'scale': 1, 'nme': 3.5, 'fr10': 2}]}
    assert (tmp_path / 'new' / 'jitter.png').stat().st_size > 1000


def test_figure_has_each_point_once_on_its_axis() -> None:
    points = [JitterPoint(0.2, 1, 5, 0), JitterPoint(0, 1, 3, 0), JitterPoint(0, 0.8, 4, 0)]
    shift, scale = (axes.lines[0].get_xydata() for axes in jitter_figure(points).axes)
    assert shift.tolist() == [[0, 3], [0.2, 5]]
    assert scale.tolist() == [[0.8, 4], [1, 3]]
