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
