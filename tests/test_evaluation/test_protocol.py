"""The protocol line: what a config states, what data show."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import (
    POINTS_BOX,
    STOCK_BOX,
    Protocol,
    is_points_box,
    protocol_of_config,
)


def test_line_names_all_five() -> None:
    protocol = Protocol('detector', 1.25, (256, 192), False, 'last epoch')
    assert protocol.line() == (
        'box: detector; padding: 1.25x; input: 256x192; flip test: no; checkpoint: last epoch'
    )
    assert Protocol().line().count('not stated') == 5


def test_round_trip() -> None:
    protocol = Protocol(POINTS_BOX, 1.25, (128, 128), True, 'last epoch')
    assert Protocol.from_dict(protocol.to_dict()) == protocol
    assert Protocol.from_dict({'input_size': [64, 64]}).input_size == (64, 64)


@pytest.mark.parametrize(
    'values',
    [
        {'crop': 1},
        {'input_size': 128},
        {'input_size': [1, 2, 3]},
        {'input_size': [1, None]},
        {'padding': 'wide'},
        {'flip_test': 'no'},
        {'box_source': 3},
    ],
)
def test_wrong_entries(values: dict) -> None:
    with pytest.raises(UserError, match='protocol:'):
        Protocol.from_dict(values)


def config_with(pipeline: list[dict], **fields: object) -> dict:
    return {'test_dataloader': {'dataset': {'pipeline': pipeline}}, **fields}


def test_config() -> None:
    jitter = [{'type': 'FaceBox', 'source': 'detector'}, {'type': 'BoxJitter', 'shift': 0.1}]
    stated = protocol_of_config(config_with(jitter, load_from='a/b/epoch_60.pth'))
    assert stated['box_source'] == 'detector, jittered (shift 0.1, scale 1)'
    assert stated['checkpoint_rule'] == 'epoch_60.pth'
    assert stated['flip_test'] is False


def test_empty_config() -> None:
    assert protocol_of_config({})['box_source'] == STOCK_BOX


def test_validation_has_no_checkpoint() -> None:
    stated = protocol_of_config({'load_from': 'pretrained.pth'}, 'val')
    assert stated['checkpoint_rule'] == 'the epoch being validated'


def test_points_box() -> None:
    tight = np.random.default_rng(0).uniform(50, 100, (30, 4))
    middle, side = tight[:, :2] + tight[:, 2:] / 2, tight[:, 2:].max(axis=1, keepdims=True)
    square = np.hstack([middle - side / 2, side, side])
    assert is_points_box(square, tight)
    assert is_points_box(tight, tight)
    assert not is_points_box(square + [0, 0, 9, 9], tight)
    assert not is_points_box(square + [9, 0, 0, 0], tight)
