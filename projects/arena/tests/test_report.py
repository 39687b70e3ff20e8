"""Tables and picture from hand-written rows."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from projects.arena.report import write_report  # noqa: E402
from projects.arena.row import Row, write_row  # noqa: E402
from projects.arena.table import format_all, pareto, summarize, to_frame  # noqa: E402
from projects.marked_text import BEGIN, END  # noqa: E402


def row(name: str, seed: int, nme: float, table: str = 'arena', gmacs: float = 0.1) -> Row:
    scores = {'300w val': dict(NME=nme, NME_inner51=nme - 1, FR10=0.0, AUC10=0.6)}
    return Row(
        name, table, 'small', '300w', seed, 'c', 'p', 'f', 128, 10, 1.5, gmacs, scores=scores
    )


ROWS = [row('fanet', 0, 4.0), row('fanet', 1, 4.4), row('peer', 0, 4.1, gmacs=0.7)]


def test_the_front_is_what_nothing_beats_in_both() -> None:
    assert pareto([1, 2, 3, 0.5], [5, 4, 4.5, 6]) == [3, 0, 1]
    assert pareto([1, 1], [3, 2]) == [1]
    assert pareto([], []) == []


def test_seeds_are_averaged_and_the_best_is_first() -> None:
    summary = summarize(to_frame(ROWS))
    assert list(summary.index) == ['peer', 'fanet']
    assert summary.loc['fanet', '300w val'] == pytest.approx(4.2)
    assert summary.loc['fanet', '300w val ±'] == pytest.approx(0.2)


def test_tables_say_what_is_missing() -> None:
    text = format_all([*ROWS, row('no_gates', 0, 4.5, 'ablation')], {'peer': 9.24})
    assert '| peer | 1.50 M | 0.700 G | 9.2 | 1 | 4.10 / 3.10 | – |' in text
    assert '| fanet | 1.50 M | 0.100 G | – | 2 | 4.20 ± 0.20 / 3.20 |' in text
    assert '### Ablation, small budget: 128×128, 10 epochs, trained on 300w' in text


def test_ablations_stand_beside_the_whole_network() -> None:
    rows = [row('fanet_lite', 0, 4.0), row('peer', 0, 4.1), row('no_gates', 0, 4.5, 'ablation')]
    arena, ablation = format_all(rows, {}).split('### Ablation')
    assert 'no_gates' not in arena
    assert '| fanet_lite |' in ablation and '| peer |' not in ablation


def test_the_page_is_written_between_its_markers(tmp_path: Path) -> None:
    docs, results = tmp_path / 'docs', tmp_path / 'results'
    docs.mkdir()
    page = docs / 'arena.md'
    page.write_text(f'before\n{BEGIN}\nold\n{END}\nafter\n')
    write_report(results, docs)  # no rows: nothing to say
    assert 'old' in page.read_text()
    for kept in ROWS:
        write_row(results / f'arena/small/300w/{kept.name}_seed{kept.seed}.json', kept)
    write_report(results, docs)
    text = page.read_text()
    assert text.startswith('before\n') and text.endswith('after\n') and 'old' not in text
    assert (docs / 'arena.png').read_bytes().startswith(b'\x89PNG')
    write_report(results, docs)
    assert page.read_text() == text
