"""A sample of `python tests/fuzz_inputs.py`: no traceback, no hang, and nothing that is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

pytest.importorskip('mmpose')
from helpers.fuzz.cases import run_case  # noqa: E402
from helpers.fuzz.mutations import MARK  # noqa: E402
from helpers.fuzz.target import Target  # noqa: E402
from helpers.fuzz.targets import all_targets  # noqa: E402

SAMPLE_SEED = 20
GOOD = ('right', 'sentence')


@pytest.fixture(scope='module')
def targets() -> Mapping[str, Target]:
    return all_targets()


@pytest.mark.parametrize('first', [0, 20, 40])
def test_a_sample(first: int, targets: Mapping[str, Target]) -> None:
    for number in range(first, first + 20):
        result = run_case(number, SAMPLE_SEED, targets)
        assert result.outcome in GOOD, (result.target, result.mutation, result.said)


def test_a_case_depends_on_its_number_alone(targets: Mapping[str, Target]) -> None:
    assert run_case(115, 3, targets) == run_case(115, 3, targets)


def test_what_is_wrong_is_seen() -> None:
    def run(kind: str) -> str:
        target = Target('a', {'a.txt': b'1'}, ['a.txt'], WRONG[kind])
        return run_case(0, 0, {'a': target}).outcome

    assert {kind: run(kind) for kind in WRONG} == {kind: kind for kind in WRONG}


def _fail() -> None:
    raise ValueError('a bug')


def _spring() -> None:
    Path(MARK).touch()


WRONG = {'traceback': _fail, 'code run': _spring, 'right': lambda: None}


def test_the_whole_run_that_is_kept(repo: Path) -> None:
    kept = json.loads((repo / 'tests' / 'results' / 'fuzz_inputs.json').read_text())
    assert kept['cases'] >= 1000 and kept['bad'] == []
    assert kept['command'] == f'python tests/fuzz_inputs.py --cases {kept["cases"]} --seed 0'
    assert {name for name, count in kept['outcomes'].items() if count} == set(GOOD)
    assert set(kept['kinds']) == set(all_targets())
