"""TimmBackbone gives the neck maps whose strides double."""

from __future__ import annotations

import sys

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.models.timm_backbone import TimmBackbone  # noqa: E402


def test_maps_have_strides_8_16_32() -> None:
    pytest.importorskip('timm')
    maps = TimmBackbone('resnet18')(torch.zeros(1, 3, 64, 64))
    assert [tuple(m.shape[1:]) for m in maps] == [(128, 8, 8), (256, 4, 4), (512, 2, 2)]


def test_without_timm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'timm', None)
    with pytest.raises(UserError, match='pip install timm'):
        TimmBackbone('resnet18')


def test_what_is_frozen_stays_as_it_is() -> None:
    pytest.importorskip('timm')
    model = TimmBackbone('tf_efficientnet_lite0', (1, 2, 3), frozen_stages=2).train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.randn(2, 3, 64, 64))[-1].square().mean().backward()
    optimizer.step()
    changed = {key for key, value in model.state_dict().items() if not value.equal(before[key])}
    assert any(key.startswith('features.blocks.2.') for key in changed)
    assert not [
        k for k in changed if not k.startswith(tuple(f'features.blocks.{i}.' for i in (2, 3, 4)))
    ]


@pytest.mark.parametrize(('name', 'count'), [('tf_efficientnet_lite0', 9), ('resnet18', 1)])
def test_stages_that_are_not_there_are_named(name: str, count: int) -> None:
    pytest.importorskip('timm')
    with pytest.raises(UserError, match=f'frozen_stages={count}'):
        TimmBackbone(name, (1, 2, 3), frozen_stages=count)
