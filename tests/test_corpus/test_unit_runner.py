"""What runs on a node of a cluster, without the cluster."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.corpus import each_once, keys

from fanet_mmpose.corpus.cluster.actor import Job, UnitActor, task_from_json, task_to_json
from fanet_mmpose.corpus.cluster.unit_runner import UnitRunner
from fanet_mmpose.corpus.item import Item
from fanet_mmpose.corpus.job_file import agree_on_job
from fanet_mmpose.corpus.manifest import WorkUnit
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.work import Task
from fanet_mmpose.errors import UserError

CRASHING = Path(__file__).parent / 'crashing'
Make = Callable[..., Path]


@pytest.fixture
def settings(model: str) -> JobSettings:
    return JobSettings(model, detector='whole_image', passes=1)


def task_of(folder: Path, number: int = 0) -> Task:
    items = (Item('file', str(folder), str(path)) for path in sorted(folder.iterdir()))
    return Task(WorkUnit(number, tuple(items)))


def test_a_process_that_dies_is_replaced(
    make_pictures: Make, settings: JobSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('PYTHONPATH', str(CRASHING))
    folder, out = make_pictures(4), tmp_path / 'out'
    runner = UnitRunner(settings, out)
    task = task_of(folder)
    bad = folder / '00002.png'
    good = bad.read_bytes()
    cv2.imwrite(str(bad), np.full((8, 8, 3), (1, 2, 3), np.uint8))
    assert runner.run(task) == {'died_at': 2}
    assert not list(out.glob('part-*'))
    bad.write_bytes(good)
    assert runner.run(task)['done']['inputs'] == 4
    assert keys(out) == each_once(4)
    folder.rename(tmp_path / 'away')
    assert runner.run(task_of(tmp_path / 'away'))['done']['errors'] == 0
    assert runner.run(task) == {'gone': str(folder)}


def test_a_wrong_model_is_a_sentence(settings: JobSettings, tmp_path: Path) -> None:
    runner = UnitRunner(replace(settings, model=str(tmp_path / 'none.onnx')), tmp_path)
    with pytest.raises(UserError, match=r'none\.onnx'):
        runner.start()


def test_an_actor_computes_only_what_the_driver_means(
    make_pictures: Make, settings: JobSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder, out = make_pictures(2), tmp_path / 'out'
    task = task_of(folder, 7)
    assert task_from_json(task_to_json(task)) == task
    job = Job(settings, str(out), str(tmp_path))
    model = UnitActor(job).describe()
    job = replace(job, model=tuple(model.items()))

    def result(**changes: object) -> dict:
        batch = {'task': np.array([task_to_json(task)])}
        return json.loads(UnitActor(replace(job, **changes))(batch)['result'][0])

    assert f'does not see {out}' in result()['fatal']
    out.mkdir()
    agree_on_job(out, settings, model)
    assert 'not 9: install that' in result(version='9')['fatal']
    assert 'has no folder /none' in result(folder='/none')['fatal']
    assert 'install the same model' in result(model=(('model_sha256', '0'),))['fatal']
    assert result()['unit'] == 7 and keys(out) == each_once(2)
