"""Which faces are chosen: spread, of low confidence, repeatable."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.labelling.choose import RULES, choose


def two_groups(large: int = 60, small: int = 5) -> np.ndarray:
    """[large + small, 2] points in two far groups of very different size."""
    rng = np.random.default_rng(0)
    return np.vstack([rng.normal(0, 0.1, (large, 2)), rng.normal(9, 0.1, (small, 2))])


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('rule', ['spread', 'typical'])
def test_a_small_group_is_not_overlooked(rule: str, seed: int) -> None:
    chosen = choose(two_groups(), np.ones(65), 4, seed, rule)
    assert (chosen < 60).any() and (chosen >= 60).any()


@pytest.mark.parametrize('rule', RULES)
def test_as_many_as_asked_for_each_once_and_the_same_again(rule: str) -> None:
    unsure = np.random.default_rng(1).random(65)
    chosen = choose(two_groups(), unsure, 20, 3, rule)
    assert len(set(chosen.tolist())) == len(chosen) == 20
    assert chosen.tolist() == choose(two_groups(), unsure, 20, 3, rule).tolist()


@pytest.mark.parametrize('rule', RULES)
def test_more_than_there_are_is_all_of_them(rule: str) -> None:
    assert sorted(choose(two_groups(5, 2), np.ones(7), 50, 0, rule)) == list(range(7))


def test_other_seeds_choose_others() -> None:
    chosen = {tuple(choose(two_groups(), np.ones(65), 10, seed, 'random')) for seed in range(4)}
    assert len(chosen) == 4


@pytest.mark.parametrize('rule', RULES)
def test_faces_that_are_all_alike_are_no_obstacle(rule: str) -> None:
    chosen = choose(np.zeros((30, 4)), np.arange(30.0), 6, 0, rule)
    assert len(set(chosen.tolist())) == 6


def test_among_alike_faces_low_confidence_is_chosen_but_not_the_odd_one() -> None:
    group = np.array([[-5.0], [-0.02], [-0.01], [0.01], [0.03], [5.0]])
    unsure = np.array([8.0, 0.9, 0.2, 0.3, 0.4, 9.0])
    assert choose(group, unsure, 1, 0).tolist() == [1]
    assert choose(group, unsure, 1, 0, 'uncertain').tolist() == [5]


def test_low_confidence_comes_first() -> None:
    unsure = np.random.default_rng(2).random(65)
    ordered = unsure[choose(two_groups(), unsure, 12, 0)]
    assert (np.diff(ordered) <= 0).all()
