"""docs/inputs.md names tests that exist, and the figures of the run that is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

OUTCOMES = ('right', 'sentence', 'traceback', 'hang', 'memory', 'code run')


def named_tests(text: str) -> list[tuple[str, str]]:
    """File and name of each test that the page names; `::name` is of the file before it."""
    found, file = [], ''
    for path, name in re.findall(r'`(tests/\S+?\.py)?::(\w+)`', text):
        file = path or file
        found.append((file, name))
    return found


def test_the_named_tests_exist(repo: Path) -> None:
    named = named_tests((repo / 'docs' / 'inputs.md').read_text(encoding='utf-8'))
    assert len(named) > 30
    for file, name in named:
        assert f'\ndef {name}(' in (repo / file).read_text(encoding='utf-8'), (file, name)


def test_nothing_is_silent_and_every_kind_has_a_test(repo: Path) -> None:
    lines = (repo / 'docs' / 'inputs.md').read_text(encoding='utf-8').splitlines()
    start = lines.index('| kind | right | refused | silent | tests |')
    rows = [line.strip('|').split(' | ') for line in lines[start + 2 :] if line.startswith('|')]
    kinds = [row for row in rows if len(row) == 5]
    assert len(kinds) > 15
    assert all(row[3].strip() == '0' and '::test_' in row[4] for row in kinds)


def test_the_figures_are_those_of_the_run(repo: Path) -> None:
    kept = json.loads((repo / 'tests' / 'results' / 'fuzz_inputs.json').read_text())
    figures = [kept['cases'], *(kept['outcomes'][name] for name in OUTCOMES)]
    row = '| ' + ' | '.join(f'{number:,}' for number in figures) + ' |'
    text = (repo / 'docs' / 'inputs.md').read_text(encoding='utf-8')
    assert row in text.splitlines() and kept['command'] in text
