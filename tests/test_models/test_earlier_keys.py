"""Checkpoints from before the renames load."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from helpers.tiny_fanet import write_config  # noqa: E402
from mmengine.config import Config  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402
from torch import nn  # noqa: E402

from fanet_mmpose import weights  # noqa: E402
from fanet_mmpose.earlier_names import STATE_DICT_KEYS  # noqa: E402
from fanet_mmpose.models.earlier_keys import rename_keys  # noqa: E402


def earlier(key: str) -> str:
    """A key of today as it was called then."""
    for place, names in STATE_DICT_KEYS.items():
        for then, now in names.items():
            key = key.replace(place + now, place + then)
    return key


def build(folder: Path) -> nn.Module:
    with DefaultScope.overwrite_default_scope('mmpose'):
        return build_pose_estimator(Config.fromfile(write_config(folder / 'tiny.py')).model)


def test_earlier_keys_give_the_same_network(tmp_path: Path) -> None:
    network = build(tmp_path)
    state = network.state_dict()
    old = {earlier(key): value + 1 for key, value in state.items()}
    assert len(old.keys() - state.keys()) > 10  # else nothing was renamed
    assert rename_keys(old).keys() == state.keys()
    assert network.load_state_dict(old).missing_keys == []
    for key, value in network.state_dict().items():
        torch.testing.assert_close(value, old[earlier(key)])


def test_todays_keys_stay(tmp_path: Path) -> None:
    network = build(tmp_path)
    assert rename_keys(network.state_dict()).keys() == network.state_dict().keys()


@pytest.mark.parametrize('name', weights.names())
def test_shipped_weights_load(name: str) -> None:
    assert sum(p.numel() for p in weights.load_model(name).parameters()) > 5e5
