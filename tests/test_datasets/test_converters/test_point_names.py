"""Labels that are names, numbers, or neither."""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.datasets.converters.point_names import point_positions
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.kind_files import NAMES


def test_the_number_behind_a_points_name_is_not_the_points(schema: Path) -> None:
    labels = [f'{name}_1' for name in NAMES]
    assert point_positions(labels, load_schema(schema)) == {}
    numbered = {f'point {i}': i for i in range(7)}
    assert point_positions([*labels, *numbered], load_schema(schema)) == numbered
