"""A record holds what the work directory says, and nothing is made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip('mmengine')

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.release.training_record import describe_training, few_labels  # noqa: E402

CONFIG = """
train_dataloader = dict(batch_size=24, dataset=dict(type='CombinedDataset', datasets=[
    dict(type='UnlabelledFaceDataset'),
    dict(type='FewLabelsDataset', draw='300w_2', count=91, dataset=dict(type='Face300WDataset'))]))
train_cfg = dict(by_epoch=False, max_iters=400)
randomness = dict(seed=7)
load_from = 'start.pth'
"""


def write_work(work: Path, *lines: dict) -> Path:
    (work / 'run' / 'vis_data').mkdir(parents=True)
    (work / 'semi.py').write_text(CONFIG)
    text = '\n'.join(map(json.dumps, lines))
    (work / 'run' / 'vis_data' / 'scalars.json').write_text(text)
    return work


def test_the_last_validation_is_kept_with_its_circumstances(tmp_path: Path) -> None:
    work = write_work(
        tmp_path, dict(NME=9.0, step=200), dict(NME=4.56789, NME_inner51=3.0, odd=1), dict(loss=2)
    )
    record = describe_training(work, 'python tools/train.py semi.py', dict(NME=5.0, other=1.0))
    assert record['300w val'] == dict(NME=4.5679, NME_inner51=3.0)
    assert record['300w test'] == dict(NME=5.0)
    assert record['seed'] == 7 and record['start'] == 'start.pth'
    assert record['labels'] == dict(draw='300w_2', count=91)
    assert record['length'] == dict(by_epoch=False, max_iters=400)
    json.dumps(record)


def test_test_is_absent_where_it_was_not_read(tmp_path: Path) -> None:
    assert '300w test' not in describe_training(write_work(tmp_path, dict(NME=4.0)), 'c', None)


def test_full_sets_have_no_draw() -> None:
    assert few_labels(dict(type='Face300WDataset')) is None


def test_unfinished_trainings_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='has no config'):
        describe_training(tmp_path, 'c', None)
    with pytest.raises(UserError, match='no validation'):
        describe_training(write_work(tmp_path, dict(loss=1.0)), 'c', None)
