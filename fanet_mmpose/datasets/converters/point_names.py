"""Names beside the points decide which point is which; positions only where there are no names.

A label is one of the schema's names; capitals, blanks and signs between words do not count
(``Left Eye`` is ``left_eye``). Else it is a number, after a word or not (``7``, ``point 7``), and
all labels of the set together say whether these count from 0 or from 1. Where they do not say it,
the set is refused: one point too far would not be seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_NUMBERED = re.compile(r'(\D*?)[\s_.#-]*(\d{1,5})')
_SHOWN = 8


def plain_name(name: str) -> str:
    """`name` in small letters without blanks and signs."""
    return re.sub(r'[\W_]+', '', name.casefold())


def point_positions(
    labels: Iterable[str], schema: PointSchema, first_number: int | None = None
) -> dict[str, int]:
    """Index in the schema of each label that is known.

    Args:
        labels: of all faces of the set.
        schema: the points.
        first_number: 0 or 1, what numbers count from; None: found out.

    Raises:
        UserError: numbers that may count from 0 or from 1.
    """
    labels = sorted(set(labels))
    exact = {name: i for i, name in enumerate(schema.point_names)}
    counts = Counter(map(plain_name, exact))
    plain = {plain_name(name): i for name, i in exact.items() if counts[plain_name(name)] == 1}
    plain.pop('', None)
    found = {}
    for label in labels:
        index = exact.get(label, plain.get(plain_name(label)))
        if index is not None:
            found[label] = index
    _refuse_shift(labels, found, schema)
    numbers = _numbers([label for label in labels if label not in found], set(plain))
    if numbers:
        first = _first_number(set(numbers.values()), schema, first_number)
        for label, number in numbers.items():
            if 0 <= number - first < schema.num_points:
                found[label] = number - first
    return found


def carry_names(names: Iterable[str], schema: PointSchema) -> bool:
    """Whether names that stand in the order of the points say which point is which.

    They do not where there are none, or where the schema has no names but numbers and they no
    number.
    """
    names = list(names)
    if not names:
        return False
    known = {plain_name(name) for name in schema.point_names}
    says = any(plain_name(name) in known or name.strip()[-1:].isdecimal() for name in names)
    return says or not _is_unnamed(schema)


def _numbers(labels: list[str], names: set[str]) -> dict[str, int]:
    """Number of each label, where all that end in one share what stands before it.

    What stands before it is no name of a point: in ``nose 1`` the number is not the point's.
    """
    matches = {label: _NUMBERED.fullmatch(label.strip()) for label in labels}
    words = Counter(plain_name(match[1]) for match in matches.values() if match)
    for name in names:
        words.pop(name, None)
    if not words:
        return {}
    word = '' if '' in words else words.most_common(1)[0][0]
    return {
        label: int(match[2])
        for label, match in matches.items()
        if match and plain_name(match[1]) == word
    }


def _first_number(numbers: set[int], schema: PointSchema, given: int | None) -> int:
    if given is not None:
        return given
    last = schema.num_points
    if 0 in numbers and last in numbers:
        raise UserError(
            f'the points are numbered from 0 to {max(numbers)}, but the schema {schema.name} has '
            f'{last}; label them 0 to {last - 1}, or 1 to {last}'
        )
    if 0 not in numbers and last not in numbers:
        shown = ', '.join(map(str, sorted(numbers)[:_SHOWN]))
        raise UserError(
            f'the points are labelled by numbers ({shown}) of which neither 0 nor {last} occurs, '
            f'so that they may count from 0 or from 1: say it with --first-number 0 or 1, or use '
            'the names of the schema'
        )
    return 0 if 0 in numbers else 1


def _refuse_shift(labels: list[str], found: dict[str, int], schema: PointSchema) -> None:
    """kpt-1 to kpt-7 are nearly all names of a schema of kpt-0 to kpt-6, and count from 1."""
    if not _is_unnamed(schema):
        return
    beyond = next((x for x in labels if plain_name(x) == f'kpt{schema.num_points}'), None)
    if beyond is not None and found:
        raise UserError(
            f'the point {beyond!r} is not in the schema {schema.name}, which has kpt-0 to '
            f'kpt-{schema.num_points - 1}; number the points from 0'
        )


def _is_unnamed(schema: PointSchema) -> bool:
    return all(re.fullmatch(r'kpt-\d+', name) for name in schema.point_names)
