"""Named sets of facial points: order, mirror pairs, skeleton, parts, and maps between the sets."""

from fanet_mmpose.geometry.schemas.conversions import (
    Conversion,
    convert,
    get_conversion,
    known_conversions,
)
from fanet_mmpose.geometry.schemas.custom import (
    find_schema,
    load_schema,
    schema_from_fields,
    schema_to_fields,
)
from fanet_mmpose.geometry.schemas.point_schema import PARTS, PointSchema, subset
from fanet_mmpose.geometry.schemas.registry import (
    get_schema,
    known_schemas,
    register_schema,
    schema_of_dataset,
    shipped_schemas,
)
from fanet_mmpose.geometry.schemas.shared_points import SharedPoints, shared_points

__all__ = [
    'PARTS',
    'Conversion',
    'PointSchema',
    'SharedPoints',
    'convert',
    'find_schema',
    'get_conversion',
    'get_schema',
    'known_conversions',
    'known_schemas',
    'load_schema',
    'register_schema',
    'schema_from_fields',
    'schema_of_dataset',
    'schema_to_fields',
    'shared_points',
    'shipped_schemas',
    'subset',
]
