"""One command runs what a model needs."""

from __future__ import annotations

import pytest

from projects.applications.tools import refit

TOOLS = ('observe', 'fit_visibility', 'fit_regions', 'fit_openness', 'measure_pose')


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Name and arguments of each tool that is run."""
    found: list[tuple[str, list[str]]] = []
    for name in TOOLS:
        tool = getattr(refit, name)
        monkeypatch.setattr(tool, 'main', lambda argv, name=name: found.append((name, argv)))
    return found


def test_constants_of_all_models_are_fitted_to_the_default_one_alone(calls: list) -> None:
    refit.main(['--data', 'd'])
    assert [name for name, _ in calls] == list(TOOLS)
    assert calls[0][1] == ['--model', 'fanet_lite_300w', '--data', 'd']
    calls.clear()
    refit.main(['--model', 'fanet_300w_192'])
    assert [name for name, _ in calls] == list(TOOLS[:3])


def test_a_model_that_learnt_from_drawn_faces_sees_no_others(calls: list) -> None:
    refit.main(['--model', 'fanet_lite_free', '--drawn'])
    assert len(calls) == 3 and all('--drawn' in argv for _, argv in calls)
