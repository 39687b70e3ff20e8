"""Several point sets as one: their points one set after the other."""

from __future__ import annotations

from collections.abc import Sequence

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.point_schema import PointSchema
from fanet_mmpose.geometry.schemas.registry import get_schema


def join_schemas(names: Sequence[str]) -> PointSchema:
    """The set `A+B` of the sets A, B, ...; points are called `SET-NAME`.

    Args:
        names: of sets that `get_schema` knows, each once.

    Raises:
        UserError: unknown or repeated name, or none.
    """
    if not names or len(set(names)) != len(names):
        raise UserError(f'point sets {list(names)}: give one or more names, each once')
    schemas = [get_schema(name) for name in names]
    starts = starts_of([schema.num_points for schema in schemas])
    return PointSchema(
        name='+'.join(names),
        point_names=tuple(f'{s.name}-{point}' for s in schemas for point in s.point_names),
        flip_pairs=tuple(
            (start + a, start + b)
            for schema, start in zip(schemas, starts, strict=True)
            for a, b in schema.flip_pairs
        ),
        skeleton=tuple(
            (start + a, start + b)
            for schema, start in zip(schemas, starts, strict=True)
            for a, b in schema.skeleton
        ),
    )


def starts_of(counts: Sequence[int]) -> list[int]:
    """Where each of consecutive groups of `counts` points begins."""
    return [sum(counts[:index]) for index in range(len(counts))]
