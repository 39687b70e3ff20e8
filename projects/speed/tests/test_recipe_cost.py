"""The network is what is counted, and the log is of recipes that are there."""

from __future__ import annotations

import json

import pytest

pytest.importorskip('mmpose')

from projects.speed.tools.recipe_cost import BATCH, prepare  # noqa: E402
from tests.helpers.tiny_fanet import REPO  # noqa: E402


def test_a_recipe_is_counted_and_its_jobs_run() -> None:
    row, jobs = prepare('configs/fanet_lite_synthetic.py')
    assert row['input'] == '128x128'
    assert row['params_M'] == pytest.approx(1.73, abs=0.01)
    for job in jobs.values():
        job()


def test_the_log_is_of_recipes_that_are_there() -> None:
    log = json.loads((REPO / 'projects/speed/results/recipe_cost.json').read_text())
    assert f'{BATCH} drawn faces' in log['protocol']
    for row in log['rows']:
        assert (REPO / row['config']).is_file()
        assert row['config'] in log['command']
        readme = REPO / 'configs/fanet' / row['config'].removesuffix('_256.py').split('_')[-1]
        readme = readme.with_suffix('') / 'README.md'
        assert f'{row["params_M"]:.2f} M | {row["gmacs"]:.3f} G' in readme.read_text()
