"""Turns, repeats and ratios of the timing of pictures."""

from __future__ import annotations

import numpy as np
import pytest

from projects.speed.picture_speed import LARGEST, at_most, least_times, summary


def test_tasks_take_turns() -> None:
    calls: list[str] = []
    tasks = {'ours': lambda _: calls.append('a'), 'mediapipe': lambda _: calls.append('b')}
    times = least_times(tasks, [np.zeros(1), np.zeros(1)], repeats=2)
    assert ''.join(calls) == 'ab' + 'abab' * 2  # once to warm up
    assert [len(values) for values in times.values()] == [2, 2]


def test_ratios_are_ours_over_theirs() -> None:
    rows = summary({'ours': [1.0, 2.0, 9.0], 'mediapipe': [4.0, 4.0, 4.0]})
    assert rows['ratio'] == {'of_medians': 0.5, 'of_means': 1.0, 'median_of_pairs': 0.5}
    assert rows['ours'] == {'median_ms': 2.0, 'mean_ms': 4.0}
    assert 'ratio' not in summary({'ours': [1.0]})


@pytest.mark.parametrize(('shape', 'longer'), [((100, 200, 3), 200), ((1280, 640, 3), LARGEST)])
def test_large_pictures_are_shrunk(shape: tuple[int, ...], longer: int) -> None:
    assert max(at_most(np.zeros(shape, np.uint8)).shape[:2]) == longer
