"""The averages are MMPose's, whatever is averaged."""

from __future__ import annotations

from unittest.mock import patch

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmpose.engine.hooks.ema_hook import ExpMomentumEMA  # noqa: E402
from torch import nn  # noqa: E402

from fanet_mmpose.engine import batched_ema  # noqa: E402
from fanet_mmpose.engine.batched_ema import BatchedEMA  # noqa: E402


@pytest.mark.parametrize('settings', [{}, dict(update_buffers=True), dict(interval=2)])
def test_averages_are_those_of_mmpose(settings: dict) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU())
    ours, theirs = (
        kind(model, momentum=0.01, gamma=5, **settings) for kind in (BatchedEMA, ExpMomentumEMA)
    )
    for _ in range(7):
        model(torch.rand(2, 3, 8, 8))
        for parameter in model.parameters():
            parameter.data += torch.rand_like(parameter)
        for average in (ours, theirs):
            average.update_parameters(model)
    assert int(ours.steps) == int(theirs.steps) == 7
    for name, value in ours.module.state_dict().items():
        torch.testing.assert_close(value, theirs.module.state_dict()[name], rtol=0, atol=1e-6)
    weight = ours.module[0].weight
    assert not torch.equal(weight, model[0].weight)


def test_an_update_is_one_step() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    average = BatchedEMA(model, momentum=0.01, gamma=5, update_buffers=True)
    average.update_parameters(model)  # the first one copies
    with patch.object(batched_ema, 'get_ema_multi_avg_fn') as multi:
        average.update_parameters(model)
    ((averaged, _, _),) = [call.args for call in multi.return_value.call_args_list]
    assert len(averaged) == 6  # all but the count of batches, which is no float


def test_the_share_of_new_weights_falls_to_the_momentum() -> None:
    average = BatchedEMA(nn.Linear(1, 1), momentum=0.002, gamma=200)
    shares = [average.momentum_at(steps) for steps in (0, 100, 1000, 10000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.99 and shares[-1] == pytest.approx(0.002)
