"""What the packages export is there, and is what the registries hold."""

from __future__ import annotations

from importlib import import_module

import pytest

pytest.importorskip('mmpose')
from mmpose.registry import DATASETS, KEYPOINT_CODECS, METRICS, MODELS, TRANSFORMS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401

REGISTRIES = (MODELS, KEYPOINT_CODECS, DATASETS, TRANSFORMS, METRICS)


@pytest.mark.parametrize('name', ['models', 'codecs', 'datasets', 'evaluation'])
def test_exported_names_are_registered(name: str) -> None:
    package = import_module(f'fanet_mmpose.{name}')
    assert package.__all__
    for exported in package.__all__:
        part = getattr(package, exported)
        assert any(registry.get(exported) is part for registry in REGISTRIES)
    with pytest.raises(AttributeError, match='has no attribute'):
        _ = package.Nothing
