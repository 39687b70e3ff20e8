"""tools/read_out.py as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.tiny_faces import write_split

CONFIG = """
_base_ = ['{repo}/configs/fanet_unsupervised.py']
read_out = dict(_delete_=True, noise=dict(schema='300w68', faces=dict(dataset=dict(
    type='UnlabelledFaceDataset', data_root={root!r}, data_prefix=dict(img='images/'),
    ann_file='annotations/train.json', schema=30, pipeline=_base_.val_pipeline))))
"""


def test_it_writes_a_file_and_prints_a_table(
    run_tool: Callable[..., None], tmp_path: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_split(tmp_path, 'train', 40)
    config, out = tmp_path / 'tiny.py', tmp_path / 'scores.json'
    config.write_text(CONFIG.format(repo=repo, root=f'{tmp_path}/'))
    run_tool('read_out', config, 'template', '--nums', 2, '--draws', 1, '--out', out)
    result = json.loads(out.read_text())
    assert [row['faces'] for row in result['scores']] == [2, result['faces_fit']]
    assert '| 2 | ' in capsys.readouterr().out


def test_a_missing_checkpoint_is_said(sentence: Callable[..., str], repo: Path) -> None:
    said = sentence('read_out', repo / 'configs' / 'fanet_unsupervised.py', 'no/such.pth')
    assert 'no/such.pth' in said
