"""Results in memory: shapes, what they know, errors."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results import Results


@pytest.mark.parametrize(
    'field', ['predicted', 'truth', 'visibility', 'scores', 'scales', 'boxes', 'box_sizes']
)
def test_wrong_shape_is_named(results: Results, field: str) -> None:
    with pytest.raises(UserError, match=f'toy: {field} has shape'):
        dataclasses.replace(results, **{field: getattr(results, field)[1:]})


def test_occlusion_is_known_only_if_both_flags_occur(results: Results) -> None:
    assert results.knows_occlusion
    for flag in (1, 2):
        same = dataclasses.replace(results, visibility=np.full((12, 68), flag))
        assert not same.knows_occlusion


def test_errors_of_absent_and_missed(results: Results) -> None:
    assert np.isnan(results.errors[0, :17]).all()
    assert np.isinf(results.errors[3]).all()
    assert np.isfinite(results.errors[4]).all()
    assert results.missed.tolist() == [i == 3 for i in range(12)]


def test_annotated_boxes_go_before_tight_ones(results: Results) -> None:
    boxed = dataclasses.replace(results, norm_boxes=np.tile([0, 0, 30.0, 40], (12, 1)))
    np.testing.assert_allclose(boxed.factors('box_diagonal'), 50)
    assert (results.factors('box_diagonal') > 100).all()
