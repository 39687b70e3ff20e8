"""A checkpoint whose optimizer is another recipe's is refused in one sentence."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from torch import nn  # noqa: E402
from torch.optim import SGD  # noqa: E402

from fanet_mmpose.engine.launch import other_optimizers_refused  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402


def test_groups_of_another_number_or_size() -> None:
    a, b = nn.Linear(2, 2), nn.Linear(2, 2)
    one = SGD([*a.parameters(), *b.parameters()], lr=0.1)
    two = SGD([dict(params=a.parameters()), dict(params=b.parameters())], lr=0.1)
    small = SGD(a.parameters(), lr=0.1)
    for written, ours in ((two, one), (one, two), (small, one)):
        with pytest.raises(UserError, match='load_from='), other_optimizers_refused():
            ours.load_state_dict(written.state_dict())


def test_other_errors_are_not_touched() -> None:
    with pytest.raises(ValueError, match='something else'), other_optimizers_refused():
        raise ValueError('something else')
