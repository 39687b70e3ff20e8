"""Whichever way MMEngine is told of a checkpoint, it is read as data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from helpers.file_server import serving
from helpers.trapped_checkpoint import TrappedCheckpoint, write_config_trap
from mmengine.runner import CheckpointLoader, load_checkpoint
from mmengine.runner import checkpoint as host
from torch import nn

from fanet_mmpose import weights
from fanet_mmpose.engine import checkpoint_schemes
from fanet_mmpose.engine.checkpoint_schemes import fetch, local_file, read_data
from fanet_mmpose.errors import UserError


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path / 'hub'))
    checkpoint_schemes.install()


@pytest.fixture
def trap(tmp_path: Path) -> TrappedCheckpoint:
    return TrappedCheckpoint(tmp_path)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of a server of `tmp_path`."""
    with serving(tmp_path) as address:
        yield address


def test_the_trap_works(trap: TrappedCheckpoint) -> None:
    torch.load(trap.path, weights_only=False)
    assert trap.sprung


def test_a_file(trap: TrappedCheckpoint) -> None:
    with pytest.raises(UserError, match='more than weights'):
        CheckpointLoader.load_checkpoint(str(trap.path))
    assert not trap.sprung


def test_a_file_that_a_model_is_initialised_from(trap: TrappedCheckpoint) -> None:
    from mmengine.model import BaseModule

    class Part(BaseModule):
        pass

    part = Part(init_cfg=dict(type='Pretrained', checkpoint=str(trap.path)))
    with pytest.raises(UserError, match='more than weights'):
        part.init_weights()
    assert not trap.sprung


def test_a_backbone_of_mmpose_by_pretrained(trap: TrappedCheckpoint) -> None:
    from mmpose.models.backbones.utils import load_checkpoint as load_into

    with pytest.raises(UserError, match='more than weights'):
        load_into(nn.Linear(1, 1), str(trap.path))
    assert not trap.sprung


def test_a_web_address(trap: TrappedCheckpoint, site: str) -> None:
    with pytest.raises(UserError, match='more than weights'):
        CheckpointLoader.load_checkpoint(f'{site}/trapped.pth')
    assert not trap.sprung


@pytest.mark.parametrize('prefix', ['torchvision', 'modelzoo', 'openmmlab', 'open-mmlab', 'mmcls'])
def test_a_name_that_stands_for_an_address(
    trap: TrappedCheckpoint, site: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {f'{prefix}://': lambda: {'mine': f'{site}/trapped.pth'}}
    monkeypatch.setattr(checkpoint_schemes, 'NAMED', known)
    with pytest.raises(UserError, match='more than weights'):
        CheckpointLoader.load_checkpoint(f'{prefix}://mine')
    assert not trap.sprung
    with pytest.raises(UserError, match='no weights have this name'):
        local_file(f'{prefix}://theirs')


def test_every_scheme_of_the_host_is_ours() -> None:
    for prefix, loader in CheckpointLoader._schemes.items():
        assert loader.__module__ == checkpoint_schemes.__name__, prefix


@pytest.mark.parametrize('address', ['s3://a/b.pth', 'cluster:s3://a/b', 'petrel://a', 'pavi://a'])
def test_object_storage_is_refused(address: str) -> None:
    with pytest.raises(UserError, match='fetch it'):
        CheckpointLoader.load_checkpoint(address)


def test_weights_from_the_web_are_loaded_and_kept(site: str, tmp_path: Path) -> None:
    given, model = nn.Linear(2, 2), nn.Linear(2, 2)
    torch.save(given.state_dict(), tmp_path / 'linear.pth')
    load_checkpoint(model, f'{site}/linear.pth')
    assert torch.equal(model.weight, given.weight)
    (tmp_path / 'linear.pth').unlink()
    assert fetch(f'{site}/linear.pth').is_file()  # the second time from the cache
    assert not list((tmp_path / 'hub').rglob('.*'))


def test_an_address_of_nothing(site: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='nothing.pth: cannot be fetched .*name the file'):
        fetch(f'{site}/nothing.pth')
    assert not list((tmp_path / 'hub').rglob('*.pth'))


def test_backbones_of_classifiers(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    weights = {'backbone.weight': torch.ones(1), 'head.weight': torch.ones(1)}
    torch.save(dict(state_dict=weights), tmp_path / 'classifier.pth')
    known = {'mmcls://': lambda: {'mine': f'{site}/classifier.pth'}}
    monkeypatch.setattr(checkpoint_schemes, 'NAMED', known)
    assert list(CheckpointLoader.load_checkpoint('mmcls://mine')['state_dict']) == ['weight']


def test_the_source_of_a_config_is_left_out(tmp_path: Path) -> None:
    write_config_trap(tmp_path / 'c.pth', tmp_path / 'sprung')
    assert read_data(tmp_path / 'c.pth')['meta'] == dict(epoch=1, iter=1)


def test_checkpoints_of_other_kinds_reach_the_host(tmp_path: Path) -> None:
    """Backbones look for their weights under names of their own."""
    torch.save(dict(model={'weight': torch.ones(1)}), tmp_path / 'c.pth')
    assert list(CheckpointLoader.load_checkpoint(str(tmp_path / 'c.pth'))) == ['model']


def test_the_tables_of_names_are_the_hosts() -> None:
    assert host.get_mmcls_models()
    with pytest.raises(UserError, match='no weights have this name'):
        local_file('mmcls://nothing')


def test_shipped_weights_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint_schemes, 'FINDERS', {})
    with pytest.raises(UserError, match=r'fanet://fanet_lite_300w: .*fanet_mmpose\.plugin'):
        local_file('fanet://fanet_lite_300w')
    checkpoint_schemes.install(lambda name: weights.find(name, '.pth'))
    checkpoint_schemes.install()
    content = CheckpointLoader.load_checkpoint('fanet://fanet_lite_300w')
    assert content['meta']['dataset_meta']['dataset_name'] == '300w'
    with pytest.raises(UserError, match="called 'nothing'; there are: fanet_300w, "):
        local_file('fanet://nothing')
