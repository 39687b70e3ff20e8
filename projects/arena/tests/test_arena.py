"""The arena: done once, done again when the config changes, resumed, reported."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.arena import train as training  # noqa: E402
from projects.arena.entry import Entry, environment, find_configs, fingerprint  # noqa: E402
from projects.arena.row import Row, describe, read_row, write_row  # noqa: E402
from projects.arena.train import Places, complete, run_child  # noqa: E402

REPO = Path(__file__).resolve().parents[3]
LITE = REPO / 'projects/arena/configs/arena/fanet_lite_300w.py'
SPLITS = ('300w val',)


def places(folder: Path) -> Places:
    return Places(REPO, folder / 'results', folder / 'work')


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Trainings and tests that were asked for, none of which runs."""
    asked: list[str] = []

    def train(entry: Entry, places: Places) -> tuple[Path, float]:
        asked.append('train')
        return Path('epoch_10.pth'), 5.0

    def score(entry: Entry, places: Places, split: str, checkpoint: Path) -> dict[str, float]:
        asked.append(split)
        return dict(NME=4.0, NME_inner51=3.0, FR10=0.0, AUC10=0.6)

    monkeypatch.setattr(training, 'train', train)
    monkeypatch.setattr(training, 'score', score)
    return asked


def test_the_budget_reaches_the_config_and_the_environment_is_left_as_it_was() -> None:
    small, full = Entry(LITE).load(), Entry(LITE, 'full', '300w_ytf68').load()
    assert (small.size, small.train_cfg.max_epochs) == (128, 10)
    assert (full.size, full.train_cfg.max_epochs) == (256, 60)
    assert (small.train_dataloader.batch_size, full.train_dataloader.batch_size) == (16, 32)
    assert full.model.head.decoder.input_size == (256, 256)
    assert full.train_dataloader.dataset.type == 'CombinedDataset'
    assert fingerprint(small) != fingerprint(full)
    assert 'ARENA_SIZE' not in os.environ
    with environment(dict(ARENA_SIZE='64')):
        pass
    assert 'ARENA_SIZE' not in os.environ


def test_what_is_done_is_not_repeated(tmp_path: Path, calls: list[str]) -> None:
    entry = Entry(LITE)
    assert complete(entry, places(tmp_path), SPLITS)
    assert calls == ['train', '300w val']
    assert not complete(entry, places(tmp_path), SPLITS)
    assert len(calls) == 2
    row = read_row(tmp_path / 'results/arena/small/300w/fanet_lite_seed0.json')
    assert row.scores['300w val']['NME'] == 4.0 and row.seconds == 5
    assert row.params_m < 2 and row.gmacs < 0.15


def test_another_split_is_added_to_what_is_known(tmp_path: Path, calls: list[str]) -> None:
    complete(Entry(LITE), places(tmp_path), SPLITS)
    complete(Entry(LITE), places(tmp_path), (*SPLITS, '300w test'))
    row = read_row(tmp_path / 'results/arena/small/300w/fanet_lite_seed0.json')
    assert set(row.scores) == {'300w val', '300w test'}


def test_a_changed_config_is_trained_anew_and_not_resumed(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(LITE)
    complete(entry, places(tmp_path), SPLITS)
    work = tmp_path / 'work' / entry.key
    (work / 'last_checkpoint').write_text('old')
    changed = replace(describe(entry), fingerprint='changed')
    monkeypatch.setattr(training, 'describe', lambda entry: changed)
    assert complete(entry, places(tmp_path), SPLITS)
    assert not (work / 'last_checkpoint').exists()
    assert list(work.parent.glob(f'{work.name}_*/last_checkpoint'))  # put aside, not lost


def test_an_interrupted_one_goes_on(tmp_path: Path, calls: list[str]) -> None:
    entry = Entry(LITE)
    work = tmp_path / 'work' / entry.key
    work.mkdir(parents=True)
    (work / 'last_checkpoint').write_text('half way')
    (work / 'fingerprint').write_text(describe(entry).fingerprint)
    complete(entry, places(tmp_path), SPLITS)
    assert (work / 'last_checkpoint').read_text() == 'half way'


def test_a_failing_child_is_told_by_its_last_line(tmp_path: Path) -> None:
    log = tmp_path / 'log'
    code = "import sys; print('a lot'); sys.exit('data/300w: is missing')"
    with pytest.raises(UserError, match='fanet_lite_seed0: data/300w: is missing'):
        run_child(['-c', code], Entry(LITE), places(tmp_path), log)


def test_children_see_the_budget(tmp_path: Path) -> None:
    code = "import os; print(os.environ['ARENA_SIZE'], os.environ['OMP_NUM_THREADS'])"
    run_child(['-c', code], Entry(LITE, 'full'), places(tmp_path), tmp_path / 'log')
    assert (tmp_path / 'log').read_text().split() == ['256', '1']


def test_entries_by_name() -> None:
    (config,) = find_configs(REPO / 'projects/arena/configs', ['no_gates'])
    assert Entry(config, seed=2).key == 'ablation/small/300w/no_gates_seed2'
    with pytest.raises(UserError, match='hrnet: no such entry; one of fanet, '):
        find_configs(REPO / 'projects/arena/configs', ['hrnet'])


def test_a_file_that_is_no_row(tmp_path: Path) -> None:
    (tmp_path / 'x_seed0.json').write_text('{"name": "x"}')
    with pytest.raises(UserError, match='x_seed0.json: is no row of the arena'):
        read_row(tmp_path / 'x_seed0.json')


def test_a_row_survives_its_file(tmp_path: Path) -> None:
    row = Row('a', 'arena', 'small', '300w', 0, 'c', 'python', 'f', 128, 10, 1.5, 0.1)
    write_row(tmp_path / 'a_seed0.json', row)
    assert read_row(tmp_path / 'a_seed0.json') == row
