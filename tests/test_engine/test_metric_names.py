"""Metrics of one name are told apart by a prefix, or named."""

from __future__ import annotations

import pytest

from fanet_mmpose.engine.metric_names import check_metric_names
from fanet_mmpose.errors import UserError

OURS, STOCK = dict(type='FaceLandmarkMetric'), dict(type='NME')


@pytest.mark.parametrize(
    'metrics',
    [
        OURS,
        None,
        [OURS, dict(STOCK, prefix='mmpose')],
        [OURS, dict(type='AUC'), dict(type='PCKAccuracy')],
        [dict(STOCK, prefix='a'), dict(STOCK, prefix='b')],
        [OURS, dict(type='DumpResults', out_file_path='a.pkl')],
    ],
)
def test_names_of_their_own_pass(metrics: object) -> None:
    check_metric_names(dict(val_evaluator=metrics), ('val_evaluator', 'test_evaluator'))


@pytest.mark.parametrize('metrics', [[OURS, STOCK], [STOCK, OURS], [STOCK, STOCK], (OURS, OURS)])
def test_one_name_for_two_is_named(metrics: object) -> None:
    with pytest.raises(UserError, match="val_evaluator: .* both report NME: .*prefix='mmpose'"):
        check_metric_names(dict(val_evaluator=metrics), ('val_evaluator',))
