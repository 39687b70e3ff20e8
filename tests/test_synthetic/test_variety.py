"""Knobs of the generator."""

from __future__ import annotations

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.variety import Variety, make_variety


@pytest.mark.parametrize(
    ('knobs', 'sentence'),
    [
        ({'glases': 1}, 'variety has no "glases"; it has yaw'),
        ({'yaw': -1}, '"yaw" must be a number of at least 0'),
        ({'yaw': 'wide'}, '"yaw" must be a number'),
        ({'glasses': 1.5}, '"glasses" is a probability'),
        ({'pitch': 80}, '"pitch" up to 60'),
    ],
)
def test_wrong_knobs_are_named(knobs: dict, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        make_variety(knobs)


def test_nothing_given_means_the_defaults() -> None:
    assert make_variety(None) == make_variety({}) == Variety()
