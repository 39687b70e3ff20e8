"""Checkpoints are data: harmless to read, and refused by the field that does not fit."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.logging.history_buffer import HistoryBuffer
from torch import nn

from fanet_mmpose.engine import checkpoint as module
from fanet_mmpose.engine.checkpoint import check_schema, check_shapes, load_checkpoint
from fanet_mmpose.errors import UserError


def as_mmengine_saves(model: nn.Module) -> dict[str, Any]:
    """The kinds of objects that MMEngine puts into a checkpoint."""
    history = HistoryBuffer()
    history.update(0.5)
    meta = dict(
        epoch=1,
        dataset_meta=dict(
            dataset_name='300w',
            num_keypoints=68,
            flip_indices=list(range(68))[::-1],
            sigmas=np.ones(68, np.float32),
            weight=np.float64(1.5),
        ),
    )
    message_hub = dict(log_scalars={'train/loss': history}, runtime_info={})
    return dict(meta=meta, state_dict=model.state_dict(), message_hub=message_hub)


@pytest.fixture(params=['named safe globals', 'restricted unpickler'])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of reading: torch from 2.6 on, and before it."""
    if request.param == 'restricted unpickler':
        monkeypatch.setattr(module, 'HAS_NAMED_SAFE_GLOBALS', False)
    elif not module.HAS_NAMED_SAFE_GLOBALS:
        pytest.skip('torch is older than 2.6')


def test_a_checkpoint_of_mmengine_is_read_whole(reader: None, tmp_path: Path) -> None:
    model = nn.Conv2d(2, 3, 1)
    torch.save(as_mmengine_saves(model), tmp_path / 'c.pth')
    read = load_checkpoint(tmp_path / 'c.pth')
    assert torch.equal(read['state_dict']['weight'], model.weight)
    assert read['meta']['dataset_meta']['sigmas'].sum() == 68
    assert read['message_hub']['log_scalars']['train/loss'].current() == 0.5


@pytest.mark.skipif(not module.HAS_NAMED_SAFE_GLOBALS, reason='the default changed in torch 2.6')
def test_once_allowed_a_plain_load_reads_it_too(tmp_path: Path) -> None:
    """As MMEngine 0.10.7 calls it when it resumes."""
    torch.save(as_mmengine_saves(nn.Linear(1, 1)), tmp_path / 'c.pth')
    module.allow_mmengine_state()
    assert torch.load(tmp_path / 'c.pth', map_location='cpu')['meta']['epoch'] == 1


def test_bare_weights_are_read(reader: None, tmp_path: Path) -> None:
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / 'c.pth')
    assert set(load_checkpoint(tmp_path / 'c.pth')['state_dict']) == {'weight', 'bias'}


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.path,))


class AttributeTrap(Trap):
    def __reduce__(self) -> tuple:
        return (getattr, (self.path, 'touch'))


@pytest.mark.parametrize('kind', [Trap, AttributeTrap])
def test_a_checkpoint_that_runs_something_is_refused(
    reader: None, kind: type[Trap], tmp_path: Path
) -> None:
    sprung = tmp_path / 'sprung'
    torch.save(dict(state_dict=dict(weight=torch.ones(1)), trap=kind(sprung)), tmp_path / 'c.pth')
    with pytest.raises(UserError, match='more than weights'):
        load_checkpoint(tmp_path / 'c.pth')
    assert not sprung.exists()


def test_the_getattr_of_checkpoints_reaches_statistics_only() -> None:
    assert module.history_getattr(HistoryBuffer, 'mean') is HistoryBuffer.mean
    for owner, name in ((HistoryBuffer, '__init__'), (Path, 'touch'), (HistoryBuffer, 'nothing')):
        with pytest.raises(pickle.UnpicklingError):
            module.history_getattr(owner, name)


@pytest.mark.parametrize('content', [b'', b'not a checkpoint', b'PK\x03\x04broken'])
def test_a_file_that_is_no_checkpoint(reader: None, content: bytes, tmp_path: Path) -> None:
    (tmp_path / 'c.pth').write_bytes(content)
    with pytest.raises(UserError, match='c.pth.* no checkpoint'):
        load_checkpoint(tmp_path / 'c.pth')


def test_a_truncated_checkpoint(reader: None, tmp_path: Path) -> None:
    torch.save(nn.Linear(99, 99).state_dict(), tmp_path / 'c.pth')
    whole = (tmp_path / 'c.pth').read_bytes()
    (tmp_path / 'c.pth').write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match='truncated'):
        load_checkpoint(tmp_path / 'c.pth')


def test_a_flipped_bit_is_found_wherever_it_is(reader: None, tmp_path: Path) -> None:
    torch.save(nn.Linear(9, 9).state_dict(), tmp_path / 'c.pth')
    whole = (tmp_path / 'c.pth').read_bytes()
    given = load_checkpoint(tmp_path / 'c.pth')['state_dict']['weight']
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(whole), 200):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << rng.integers(8)
        (tmp_path / 'c.pth').write_bytes(flipped)
        try:
            read = load_checkpoint(tmp_path / 'c.pth')
        except UserError:
            continue
        assert torch.equal(read['state_dict']['weight'], given), place  # padding, time of day


def test_a_program_of_torchscript_is_no_checkpoint(reader: None, tmp_path: Path) -> None:
    torch.jit.script(nn.Linear(2, 2)).save(tmp_path / 'c.pth')
    with pytest.raises(UserError, match='no checkpoint'):
        load_checkpoint(tmp_path / 'c.pth')


def test_a_missing_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='nowhere.pth: there is no such checkpoint'):
        load_checkpoint(tmp_path / 'nowhere.pth')


@pytest.mark.parametrize('content', [[1, 2], {'state_dict': {}}, {'meta': 3}])
def test_data_without_weights(content: object, tmp_path: Path) -> None:
    torch.save(content, tmp_path / 'c.pth')
    with pytest.raises(UserError, match='state_dict'):
        load_checkpoint(tmp_path / 'c.pth')


def test_another_number_of_points_is_named() -> None:
    content = as_mmengine_saves(nn.Linear(1, 1))
    with pytest.raises(UserError, match='num_keypoints says 68 and not 98.*300w.*wflw'):
        check_schema(content, dict(dataset_name='wflw', num_keypoints=98), 'c.pth')


def test_another_order_of_points_is_named() -> None:
    content = as_mmengine_saves(nn.Linear(1, 1))
    metainfo = dict(dataset_name='mine', num_keypoints=68, flip_indices=list(range(68)))
    with pytest.raises(UserError, match='flip_indices'):
        check_schema(content, metainfo, 'c.pth')


def test_the_same_points_pass_and_unknown_points_too() -> None:
    content = as_mmengine_saves(nn.Linear(1, 1))
    check_schema(content, content['meta']['dataset_meta'], 'c.pth')
    check_schema(dict(state_dict={}), dict(num_keypoints=98), 'c.pth')


@pytest.mark.parametrize(
    ('change', 'sentence'),
    [
        (
            lambda state: state.update(weight=torch.ones(3, 3)),
            r'weight has shape \(3, 3\).*\(2, 2\)',
        ),
        (lambda state: state.pop('bias'), 'field bias is missing'),
        (lambda state: state.update(gamma=torch.ones(1)), 'field gamma is unknown'),
    ],
)
def test_weights_that_do_not_fit_are_named(change: Any, sentence: str) -> None:
    model = nn.Linear(2, 2)
    state = dict(model.state_dict())
    change(state)
    with pytest.raises(UserError, match=sentence):
        check_shapes(dict(state_dict=state), model, 'c.pth')


def test_weights_that_were_saved_from_several_processes_fit() -> None:
    model = nn.Linear(2, 2)
    state = {f'module.{name}': value for name, value in model.state_dict().items()}
    check_shapes(dict(state_dict=state), model, 'c.pth')
