"""projects/discovery/tools/linear_probe.py as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.tiny_faces import write_split

CONFIG = """
_base_ = ['{repo}/projects/discovery/configs/fanet_unsupervised.py']
linear_probe = dict(_delete_=True, noise=dict(schema='300w68', faces=dict(dataset=dict(
    type='UnlabelledFaceDataset', data_root={root!r}, data_prefix=dict(img='images/'),
    ann_file='annotations/train.json', schema=30, pipeline=_base_.val_pipeline))))
"""


def test_it_writes_a_file_and_prints_a_table(
    run_tool: Callable[..., None], tmp_path: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_split(tmp_path, 'train', 40)
    config, out = tmp_path / 'tiny.py', tmp_path / 'scores.json'
    config.write_text(CONFIG.format(repo=repo, root=f'{tmp_path}/'))
    run_tool('linear_probe', config, 'template', '--nums', 2, '--draws', 1, '--out', out)
    result = json.loads(out.read_text())
    assert [row['faces'] for row in result['scores']] == [2, result['faces_fit']]
    assert '| 2 | ' in capsys.readouterr().out


def test_a_missing_checkpoint_is_said(sentence: Callable[..., str], repo: Path) -> None:
    config = repo / 'projects/discovery/configs/fanet_unsupervised.py'
    said = sentence('linear_probe', config, 'no/such.pth')
    assert 'no/such.pth' in said


def result(folder: Path, name: str, errors: dict[int, float]) -> Path:
    path = folder / f'{name}.json'
    names = ('forward_mean', 'forward_median', 'backward_mean', 'backward_median')
    scores = [dict(faces=num, **dict.fromkeys(names, error)) for num, error in errors.items()]
    path.write_text(json.dumps(dict(scores=scores)))
    return path


def test_trainings_of_one_method_share_a_row(
    run_tool: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        result(tmp_path, 'ours_seed0', {1: 20.0, 50: 6.0}),
        result(tmp_path, 'ours_seed1', {1: 22.0, 50: 8.0}),
        result(tmp_path, 'template', {1: 30.0, 50: 21.0}),
    ]
    run_tool('linear_probe_table', *files)
    table = capsys.readouterr().out.splitlines()
    assert table[0] == '| forward_mean | 1 | 50 |'
    assert table[2] == '| ours | 21.00 ± 1.41 | 7.00 ± 1.41 |'
    assert table[3] == '| template | 30.00 | 21.00 |'


def test_results_of_other_numbers_and_other_files_are_refused(
    sentence: Callable[..., str], tmp_path: Path
) -> None:
    files = [result(tmp_path, 'a', {1: 1.0}), result(tmp_path, 'b', {2: 1.0})]
    assert 'different numbers of faces' in sentence('linear_probe_table', *files)
    (tmp_path / 'c.json').write_text('{}')
    assert 'c.json: no result' in sentence('linear_probe_table', tmp_path / 'c.json')
