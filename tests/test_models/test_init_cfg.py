"""MMEngine's `init_cfg` reaches every module of the network."""

from __future__ import annotations

from copy import deepcopy

import pytest

pytest.importorskip('mmpose')
from mmcv.cnn import ConvModule  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.registry import MODELS  # noqa: E402
from torch import nn  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401

CODEC = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
ATTENTION = dict(type='LandmarkAttention', sample_dims=4, num_heads=2, embed_dims=8)
HEAD = dict(
    type='LocalCoordinateHead', in_channels=8, num_keypoints=5, attention=ATTENTION, decoder=CODEC
)
FIVE = {key: value for key, value in HEAD.items() if key != 'decoder'}
MODULES = [
    dict(type='SPPNeck', in_channels=(8, 16), out_channels=8),
    dict(ATTENTION, in_channels=8, num_keypoints=5, evidence_dims=25),
    dict(type='NoAttention', in_channels=8, num_keypoints=5, evidence_dims=25),
    HEAD,
    dict(type='PointSetsHead', heads={'five': FIVE}, decoder=CODEC, used='five'),
]


@pytest.mark.parametrize('cfg', MODULES, ids=lambda cfg: cfg['type'])
def test_init_cfg_initialises(cfg: dict) -> None:
    init = dict(type='Constant', val=0.25, bias=0.5, layer=['Conv2d', 'Linear'])
    with DefaultScope.overwrite_default_scope('mmpose'):
        module = MODELS.build(dict(deepcopy(cfg), init_cfg=init))
    module.init_weights()
    # MMCV's ConvModule initialises its own layers, whatever holds it.
    theirs = {id(m) for c in module.modules() if isinstance(c, ConvModule) for m in c.modules()}
    layers = [
        m for m in module.modules() if type(m) in (nn.Conv2d, nn.Linear) and id(m) not in theirs
    ]
    assert layers
    assert all((layer.weight == 0.25).all() for layer in layers)
