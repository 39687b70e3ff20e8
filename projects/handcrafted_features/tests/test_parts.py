"""A part's row: its cost at once, its scores only of the very network that was trained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from mmengine.config import Config  # noqa: E402

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.arena.table import MISSING  # noqa: E402
from projects.handcrafted_features.parts import describe_part, format_parts, last_scores  # noqa: E402

HOG = Path(__file__).resolve().parents[1] / 'configs/extractors/hog.py'
SCORES = dict(NME=5.12344, NME_inner51=4.0, FR10=1.0, AUC10=0.5)


def write_log(folder: Path, *steps: int) -> None:
    """What a runner leaves: training and validation scalars, a line each."""
    log = folder / '20260101_000000/vis_data/scalars.json'
    log.parent.mkdir(parents=True)
    lines = [dict(loss=1.0, step=6), *(dict(SCORES, data_time=0.1, step=step) for step in steps)]
    log.write_text('\n'.join(json.dumps(line) for line in lines))


def write_training(work: Path, changes: dict) -> None:
    """A finished training of HOG, its config changed."""
    cfg = Config.fromfile(HOG)
    cfg.merge_from_dict(dict(changes, randomness=dict(seed=3)))
    folder = work / 'extractors/hog'
    write_log(folder, 3, 6)
    cfg.dump(folder / 'hog.py')


def test_scores_are_those_of_the_last_epoch(tmp_path: Path) -> None:
    write_log(tmp_path / 'whole', 3, 6)
    write_log(tmp_path / 'half', 3)
    assert last_scores(tmp_path / 'whole', 6) == dict(SCORES, NME=5.1234)
    assert last_scores(tmp_path / 'half', 6) is None
    assert last_scores(tmp_path / 'none', 6) is None


def test_row_of_a_trained_part(tmp_path: Path) -> None:
    write_training(tmp_path, {'train_dataloader.num_workers': 1})
    row = describe_part(HOG, tmp_path)
    assert row['val']['NME'] == 5.1234 and row['seed'] == 3 and row['epochs'] == 6
    assert row['params_m'] < 0.5 and 0 < row['gmacs'] < 0.1
    assert row['command'].endswith('randomness.seed=3')
    assert '| `extractors/hog` | 0.13 M | ' in format_parts([row])


def test_scores_of_another_network_are_not_taken(tmp_path: Path) -> None:
    write_training(tmp_path, {'model.neck.out_channels': 24})
    row = describe_part(HOG, tmp_path)
    assert row['val'] is None
    assert format_parts([row]).count(MISSING) == 2


def test_unknown_config(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='surf.py: there is no such config'):
        describe_part(HOG.with_name('surf.py'), tmp_path)
