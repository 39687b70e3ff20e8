"""Schemas by name and by MMPose's dataset name."""

from __future__ import annotations

import dataclasses

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import (
    PointSchema,
    get_schema,
    known_schemas,
    register_schema,
    schema_of_dataset,
)
from fanet_mmpose.geometry.schemas import registry as registry_module


@pytest.fixture(autouse=True)
def restore_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, '_SCHEMAS', dict(registry_module._SCHEMAS))


def test_unknown_lists_known() -> None:
    with pytest.raises(UserError, match='wflw98.*300w68.*mtfl5'):
        get_schema('wflw-98')


def test_by_dataset_name() -> None:
    assert schema_of_dataset('300w').name == '300w68'
    assert schema_of_dataset('300w51').num_points == 51
    with pytest.raises(UserError, match='coco'):
        schema_of_dataset('coco')


def test_register_and_conflict() -> None:
    mine = PointSchema('two', ('a', 'b'))
    assert register_schema(mine) is mine
    register_schema(dataclasses.replace(mine))
    assert 'two' in known_schemas()
    with pytest.raises(UserError, match="already called 'two'"):
        register_schema(PointSchema('two', ('a', 'c')))
