"""Targets and decoder of two maps, and two metrics of one name, are named before training."""

from __future__ import annotations

import pytest

import fanet_mmpose.codecs.local_coordinate_label  # noqa: F401
from fanet_mmpose.engine.agreement import check_codec_name, check_encoders, check_metric_names
from fanet_mmpose.errors import UserError

OURS = dict(type='LocalCoordinateLabel', input_size=(64, 64))
STOCK = dict(type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=1.5)
METRIC, NME = dict(type='FaceLandmarkMetric'), dict(type='NME')


def config(encoder: object, decoder: object) -> dict:
    pipeline = [dict(type='LoadImage'), dict(type='GenerateTarget', encoder=encoder)]
    dataset = dict(type='CombinedDataset', datasets=[dict(pipeline=pipeline)])
    return dict(model=dict(head=dict(decoder=decoder)), train_dataloader=dict(dataset=dataset))


@pytest.mark.parametrize(
    ('encoder', 'decoder'),
    [
        (OURS, OURS),
        (dict(OURS, stride=4, input_size=[64, 64]), OURS),  # the default, said
        (dict(OURS, max_outside=9.0), OURS),
        (STOCK, STOCK),
        (STOCK, OURS),
        ([STOCK, STOCK], STOCK),
        (STOCK, None),
    ],
)
def test_one_map_passes(encoder: object, decoder: object) -> None:
    check_encoders(config(encoder, decoder), ('train_dataloader', 'val_dataloader'))


@pytest.mark.parametrize(
    ('encoder', 'decoder', 'named'),
    [
        (dict(OURS, stride=8), OURS, 'stride=8 and model.head.decoder stride=4'),
        (OURS, dict(OURS, input_size=(64, 32)), 'input_size'),
        (dict(STOCK, heatmap_size=(32, 32)), STOCK, 'heatmap_size'),
    ],
)
def test_two_maps_are_named(encoder: dict, decoder: dict, named: str) -> None:
    with pytest.raises(UserError, match=named):
        check_encoders(config(encoder, decoder), ('train_dataloader',))


@pytest.mark.parametrize('codec', [None, OURS, dict(OURS, input_size=[64, 64]), STOCK])
def test_a_codec_that_is_used_passes(codec: dict | None) -> None:
    check_codec_name(dict(config(OURS, OURS), codec=codec))


@pytest.mark.parametrize('change', [dict(stride=0), dict(input_size=(128, 128))])
def test_an_option_that_reaches_no_part_is_named(change: dict) -> None:
    with pytest.raises(UserError, match=f'codec.{next(iter(change))}=.*copied'):
        own = dict(OURS, stride=4)
        check_codec_name(dict(config(own, own), codec=own | change))


@pytest.mark.parametrize(
    'metrics',
    [
        METRIC,
        None,
        [METRIC, dict(NME, prefix='mmpose')],
        [METRIC, dict(type='AUC'), dict(type='PCKAccuracy')],
        [dict(NME, prefix='a'), dict(NME, prefix='b')],
        [METRIC, dict(type='DumpResults', out_file_path='a.pkl')],
    ],
)
def test_names_of_their_own_pass(metrics: object) -> None:
    check_metric_names(dict(val_evaluator=metrics), ('val_evaluator', 'test_evaluator'))


@pytest.mark.parametrize(
    'metrics',
    [
        [METRIC, NME],
        [NME, METRIC],
        [NME, NME],
        (METRIC, METRIC),
    ],
)
def test_one_name_for_two_is_named(metrics: object) -> None:
    with pytest.raises(UserError, match="val_evaluator: .* both report NME: .*prefix='mmpose'"):
        check_metric_names(dict(val_evaluator=metrics), ('val_evaluator',))
