"""A schema by name or by file, wherever a user may give either."""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.geometry.schemas.custom import load_schema
from fanet_mmpose.geometry.schemas.point_schema import PointSchema
from fanet_mmpose.geometry.schemas.registry import get_schema, register_schema


def find_schema(name_or_file: str | Path) -> PointSchema:
    """The schema of that name, or of that YAML file, which makes its name known.

    Raises:
        UserError: the name is unknown; the file is missing or wrong; its name is another schema's.
    """
    if Path(name_or_file).suffix in ('.yaml', '.yml'):
        return register_schema(load_schema(name_or_file))
    return get_schema(str(name_or_file))
