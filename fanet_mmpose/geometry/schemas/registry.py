"""Schemas by name."""

from __future__ import annotations

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.aflw19 import AFLW19
from fanet_mmpose.geometry.schemas.cofw29 import COFW29
from fanet_mmpose.geometry.schemas.ibug68 import IBUG49, IBUG51, IBUG68
from fanet_mmpose.geometry.schemas.lapa106 import LAPA106
from fanet_mmpose.geometry.schemas.mtfl5 import MTFL5
from fanet_mmpose.geometry.schemas.point_schema import PointSchema
from fanet_mmpose.geometry.schemas.wflw98 import WFLW98

_SCHEMAS: dict[str, PointSchema] = {
    schema.name: schema
    for schema in (WFLW98, IBUG68, IBUG51, IBUG49, COFW29, AFLW19, LAPA106, MTFL5)
}
_SHIPPED = tuple(_SCHEMAS)


def shipped_schemas() -> tuple[str, ...]:
    """Names of the sets that come with the package: the ones that every process knows."""
    return _SHIPPED


def known_schemas() -> tuple[str, ...]:
    """Names that `get_schema` accepts."""
    return tuple(_SCHEMAS)


def get_schema(name: str) -> PointSchema:
    """The schema of that name.

    Raises:
        UserError: no schema has this name; the message lists the known ones.
    """
    if name not in _SCHEMAS:
        raise UserError(
            f'unknown point schema {name!r}; known: {", ".join(_SCHEMAS)} '
            '(your own: describe it in a YAML file and use load_schema)'
        )
    return _SCHEMAS[name]


def schema_of_dataset(dataset_name: str) -> PointSchema:
    """The schema of data that MMPose calls `dataset_name` (``'wflw'``, ``'300w'``, ...).

    Raises:
        UserError: no schema belongs to it.
    """
    for schema in _SCHEMAS.values():
        if dataset_name in (schema.dataset_name, schema.name):
            return schema
    return get_schema(dataset_name)


def register_schema(schema: PointSchema) -> PointSchema:
    """Make a custom schema known by its name and return it; the same one twice is fine.

    Raises:
        UserError: another schema already has this name.
    """
    if _SCHEMAS.get(schema.name, schema) != schema:
        raise UserError(f'a different schema is already called {schema.name!r}; rename yours')
    _SCHEMAS[schema.name] = schema
    return schema
