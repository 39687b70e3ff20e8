"""Between two trainings lies a line."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from helpers.tiny_fanet import write_checkpoint, write_config

from fanet_mmpose.deploy.network import load_network
from fanet_mmpose.errors import UserError
from projects.release.tools.mix_weights import main, mix


def test_the_ends_are_both_trainings_and_whole_numbers_are_the_seconds() -> None:
    first = {'weight': torch.tensor([0.0, 2.0]), 'count': torch.tensor(3)}
    second = {'weight': torch.tensor([1.0, -2.0]), 'count': torch.tensor(8)}
    assert torch.equal(mix(first, second, 0.0)['weight'], first['weight'])
    assert torch.equal(mix(first, second, 1.0)['weight'], second['weight'])
    halfway = mix(first, second, 0.5)
    assert halfway['weight'].tolist() == [0.5, 0.0]
    assert halfway['count'] == 8


@pytest.mark.parametrize('share', [-0.1, 1.1, float('nan')])
def test_a_share_beyond_the_ends_is_refused(share: float) -> None:
    with pytest.raises(UserError, match='--share'):
        mix({}, {}, share)


def test_what_is_written_loads_again(tmp_path: Path) -> None:
    config = write_config(tmp_path / 'tiny_300w.py')
    checkpoint, out = write_checkpoint(config, tmp_path / 'epoch_1.pth'), tmp_path / 'mixed.pth'
    arguments = [str(config), str(checkpoint), str(checkpoint), '--share', '0.3']
    main([*arguments, '--out', str(out)])
    before, after = (load_network(config, path)[1].state_dict() for path in (checkpoint, out))
    assert before.keys() == after.keys()
    assert all(torch.allclose(before[name], after[name]) for name in before)
    assert set(torch.load(out, weights_only=True)) == {'meta', 'state_dict'}
