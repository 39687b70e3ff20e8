"""Your own point set from a small YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.point_schema import PointGroup, PointSchema, numbered_names
from fanet_mmpose.geometry.schemas.registry import get_schema, register_schema

_FIELDS = {
    'name', 'points', 'flip_pairs', 'skeleton', 'parts', 'eye_corners', 'pupils', 'joint_weights',
    'sources',
}  # fmt: skip

MAX_BYTES = 1_000_000
"""Of a schema's file; one of 478 named points has 20,000."""


def load_schema(path: str | Path) -> PointSchema:
    """Read a schema from YAML; `register_schema` makes it known by name.

    ::

        name: mask7
        points: [left_eye, right_eye, nose, ...]    # names, or just a number: 7
        flip_pairs: [[left_eye, right_eye], [3, 4]] # names or 0-based numbers; only names where
                                                    # the names are numbers themselves
        skeleton: [[0, 2], [1, 2]]                  # this and the rest are optional
        parts: {eyes: [0, 1], nose: [2]}
        eye_corners: [[0], [1]]                     # left, right; means of several are fine
        pupils: [[0], [1]]
        sources:                                    # which points of a known set these are, or
          300w68: {left_eye: [36, 39], nose: 30}    # the means of which; some may be left out

    Raises:
        UserError: the file is missing, is not YAML, or a field is wrong.
    """
    return schema_from_fields(_read_mapping(Path(path)), str(path))


def find_schema(name_or_file: str | Path) -> PointSchema:
    """The schema of that name, or of that YAML file, which makes its name known.

    Raises:
        UserError: the name is unknown; the file is missing or wrong; its name is another schema's.
    """
    if Path(name_or_file).suffix in ('.yaml', '.yml'):
        return register_schema(load_schema(name_or_file))
    return get_schema(str(name_or_file))


def schema_from_fields(fields: Mapping[str, Any], where: str) -> PointSchema:
    """The schema that the YAML fields of `load_schema` describe; `where` begins each message.

    Raises:
        UserError: a field is missing, unknown or wrong.
    """
    for required in ('name', 'points'):
        if not fields.get(required):
            raise UserError(f'{where}: the field "{required}" is missing')
    unknown = set(fields) - _FIELDS
    if unknown:
        raise UserError(
            f'{where}: unknown field {sorted(map(str, unknown))[0]!r}; '
            f'known: {", ".join(sorted(_FIELDS))}'
        )
    try:
        return _build(fields)
    except UserError as error:
        raise UserError(f'{where}: {error}') from None
    except (TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f'{where}: a field has the wrong form ({error}); see docs/schemas.md'
        ) from None


def schema_to_fields(schema: PointSchema) -> dict[str, Any]:
    """The inverse of `schema_from_fields`, in plain values."""
    by_name = all(name.isdecimal() for name in schema.point_names)

    def plain(group: PointGroup) -> list[int] | list[str]:
        return [schema.point_names[i] for i in group] if by_name else list(group)

    fields = {
        'name': schema.name,
        'points': list(schema.point_names),
        'flip_pairs': [plain(pair) for pair in schema.flip_pairs],
        'skeleton': [plain(link) for link in schema.skeleton],
        'parts': {part: plain(points) for part, points in schema.parts.items()},
        'eye_corners': [plain(group) for group in schema.eye_corners or ()],
        'pupils': [plain(group) for group in schema.pupils or ()],
        'joint_weights': list(schema.joint_weights),
        'sources': {
            source: {
                point: list(group)
                for point, group in zip(schema.point_names, groups, strict=True)
                if group
            }
            for source, groups in schema.sources.items()
        },
    }
    return {name: value for name, value in fields.items() if value}


def _read_mapping(path: Path) -> dict[str, Any]:
    # Only custom sets need PyYAML; the deployed landmarker must start without it.
    import yaml

    try:
        if path.exists() and not path.is_file():
            raise UserError(f'{path}: is no regular file; give a YAML file')
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise UserError(f'{path}: has more than {MAX_BYTES} bytes; is it a schema?')
        text = path.read_text(encoding='utf-8-sig')
        # An alias repeats a part of the file, and aliases of aliases multiply without end.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise UserError(f'{path}: has YAML aliases (*name); write the lists out')
        fields = yaml.safe_load(text)
    except RecursionError:
        raise UserError(f'{path}: is nested too deeply for a schema') from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = ' '.join(str(error).split())
        raise UserError(f'{path}: cannot read this schema: {reason}') from None
    if not isinstance(fields, dict):
        raise UserError(f'{path}: a schema is a mapping with "name" and "points"')
    return fields


def _build(fields: Mapping[str, Any]) -> PointSchema:
    fields = _names_for_numbers(fields)
    points = fields['points']
    names = numbered_names(points) if isinstance(points, int) else tuple(map(str, points))

    def groups(label: str, size: int | None = None) -> tuple:
        found = tuple(_indices(group, names) for group in fields.get(label) or ())
        if size is not None and any(len(group) != size for group in found):
            raise UserError(f'each entry of "{label}" needs {size} points')
        return found

    def two_groups(label: str) -> tuple | None:
        found = groups(label)
        if found and (len(found) != 2 or not all(found)):
            raise UserError(f'"{label}" needs two lists of points, left and right')
        return found or None

    return PointSchema(
        name=str(fields['name']),
        point_names=names,
        flip_pairs=groups('flip_pairs', 2),
        skeleton=groups('skeleton', 2),
        parts={part: _indices(group, names) for part, group in (fields.get('parts') or {}).items()},
        eye_corners=two_groups('eye_corners'),
        pupils=two_groups('pupils'),
        joint_weights=tuple(map(float, fields.get('joint_weights') or ())),
        sources={
            source: _source_groups(source, groups, names)
            for source, groups in (fields.get('sources') or {}).items()
        },
    )


def _source_groups(
    source: str, given: Mapping[int | str, int | Sequence[int]], names: tuple[str, ...]
) -> tuple[PointGroup, ...]:
    """K groups of points of the set `source`, from the entries of some of our points."""
    groups: list[PointGroup] = [()] * len(names)
    count = get_schema(source).num_points
    for point, group in given.items():
        numbers = (group,) if isinstance(group, int) else tuple(map(int, group))
        if not all(0 <= number < count for number in numbers):
            raise UserError(f'"sources" of {point!r}: {source} has the points 0 to {count - 1}')
        (index,) = _indices((point,), names)
        if not 0 <= index < len(names):
            raise UserError(f'"sources" names point {point}; yours are 0 to {len(names) - 1}')
        groups[index] = numbers
    return tuple(groups)


def _indices(group: Sequence[int | str], names: tuple[str, ...]) -> tuple[int, ...]:
    if isinstance(group, str):
        raise UserError(f'{group!r} stands where a list of points is needed')
    for point in group:
        if isinstance(point, str) and point not in names:
            raise UserError(f'the point {point!r} is not in "points"')
        if isinstance(point, (bool, float)):
            raise UserError(f'{point!r} is neither the name nor the number of a point')
    return tuple(names.index(p) if isinstance(p, str) else int(p) for p in group)


def _names_for_numbers(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """`fields` with every number written as a name, where the names are numbers.

    ``points: [1, 2, 3]`` with ``flip_pairs: [[1, 2]]`` means the points called 1 and 2.
    """
    points = fields['points']
    if isinstance(points, int) or not all(str(point).isdecimal() for point in points):
        return fields
    in_order = [str(point) for point in points] == [str(i) for i in range(len(points))]
    quoted = any(isinstance(point, str) for point in points)

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(part) for part in value]
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        if quoted and not in_order:
            raise UserError(
                f'the points are called by numbers, and {value} may mean a name or a position: '
                'write names in quotes, or give the points other names'
            )
        return str(value)

    groups = {
        label: named(fields[label])
        for label in ('flip_pairs', 'skeleton', 'eye_corners', 'pupils')
        if label in fields
    }
    parts = {part: named(group) for part, group in (fields.get('parts') or {}).items()}
    sources = {
        source: {named(point): group for point, group in groups.items()}
        for source, groups in (fields.get('sources') or {}).items()
    }
    return {**fields, **groups, 'parts': parts, 'sources': sources}
