"""Maps between point sets: every target point is the mean of some source points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.ibug68 import INNER49, INNER51
from fanet_mmpose.geometry.schemas.registry import get_schema

_HUB = '300w68'


@dataclass(frozen=True)
class Conversion:
    """A linear map from one set to another.

    Attributes:
        source: name of the set converted from.
        target: name of the set converted to.
        weights: [K_target, K_source], rows sum to 1.
        exact: True where each target point is, by the two sets' definitions, one source point
            or the mean of some; False where a neighbouring point stands in for it.
    """

    source: str
    target: str
    weights: np.ndarray
    exact: bool

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Convert points [..., K_source, D] to [..., K_target, D]."""
        points = np.asarray(points)
        if points.ndim < 2 or points.shape[-2] != self.weights.shape[1]:
            raise UserError(
                f'{self.source} has {self.weights.shape[1]} points, '
                f'but the array has shape {points.shape}'
            )
        return self.weights.astype(np.result_type(points, np.float32)) @ points


def convert(points: np.ndarray, source: str, target: str) -> np.ndarray:
    """Convert points [..., K_source, D] of schema `source` to [..., K_target, D] of `target`.

    Coordinates keep their frame and unit. `get_conversion` tells whether the map is exact.

    Raises:
        UserError: unknown schema, no such conversion, or the wrong number of points.
    """
    return get_conversion(source, target)(points)


@cache
def get_conversion(source: str, target: str) -> Conversion:
    """The conversion between two named schemas, through the 68 points if need be.

    Raises:
        UserError: unknown schema or no such conversion.
    """
    num_source = get_schema(source).num_points
    get_schema(target)
    if source == target:
        return Conversion(source, target, np.eye(num_source), exact=True)
    if (source, target) in _DIRECT:
        groups, exact = _DIRECT[source, target]
        return Conversion(source, target, _mean_weights(groups, num_source), exact)
    if (source, _HUB) in _DIRECT and (_HUB, target) in _DIRECT:
        first, second = get_conversion(source, _HUB), get_conversion(_HUB, target)
        return Conversion(
            source, target, second.weights @ first.weights, first.exact and second.exact
        )
    known = ', '.join(b for a, b in known_conversions() if a == source)
    raise UserError(f'no conversion {source}→{target}; {source} becomes {known or "no other"}')


def known_conversions() -> tuple[tuple[str, str], ...]:
    """(source, target) of every conversion between two different sets."""
    through = {(a, c) for a, b in _DIRECT for d, c in _DIRECT if b == d == _HUB}
    return tuple(sorted({*_DIRECT, *through}))


def _mean_weights(groups: tuple[tuple[int, ...], ...], num_source: int) -> np.ndarray:
    weights = np.zeros((len(groups), num_source))
    for row, group in zip(weights, groups, strict=True):
        row[list(group)] = 1 / len(group)
    return weights


def _each(points: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    return tuple((point,) for point in points)


# WFLW labels each 300-W point and more between them; of an eye's eight points the two that lie
# in the middle of the lids (62 and 66, 70 and 74) are the extra ones.
_98_TO_68 = _each(
    (*range(0, 33, 2), *range(33, 38), *range(42, 47), *range(51, 60),
     60, 61, 63, 64, 65, 67, 68, 69, 71, 72, 73, 75, *range(76, 96))
)  # fmt: skip
# LaPa labels the nose's sides too (55-57, 63-65) and was annotated by other people's rules.
_106_TO_68 = _each(
    (*range(0, 33, 2), *range(33, 38), *range(42, 47), *range(51, 55), *range(58, 63),
     66, 67, 69, 70, 71, 73, 75, 76, 78, 79, 80, 82, *range(84, 104))
)  # fmt: skip
_68_TO_5 = (tuple(range(36, 42)), tuple(range(42, 48)), (30,), (48,), (54,))
_98_TO_29 = (
    (33,), (46,), (37, 38), (42, 50), (35,), (40,), (44,), (48,),
    (60,), (72,), (64,), (68,), (62,), (66,), (70,), (74,), (96,), (97,),
    (55,), (59,), (54,), (57,), (76,), (82,), (79,), (90,), (94,), (85,), (16,),
)  # fmt: skip
_68_TO_29 = (
    (17,), (26,), (21,), (22,), (19,), (19,), (24,), (24,),
    (36,), (45,), (39,), (42,), (37, 38), (40, 41), (43, 44), (46, 47),
    tuple(range(36, 42)), tuple(range(42, 48)),
    (31,), (35,), (30,), (33,), (48,), (54,), (51,), (62,), (66,), (57,), (8,),
)  # fmt: skip
_98_TO_19 = (
    (33,), (35, 40), (37, 38), (42, 50), (44, 48), (46,),
    (60,), (96,), (64,), (68,), (97,), (72,), (55,), (54,), (59,), (76,), (90, 94), (82,), (16,),
)  # fmt: skip
_68_TO_19 = (
    (17,), (19,), (21,), (22,), (24,), (26,),
    (36,), tuple(range(36, 42)), (39,), (42,), tuple(range(42, 48)), (45,),
    (31,), (30,), (35,), (48,), (62, 66), (54,), (8,),
)  # fmt: skip
_29_TO_19 = (
    (0,), (4, 5), (2,), (3,), (6, 7), (1,),
    (8,), (16,), (10,), (11,), (17,), (9,), (18,), (20,), (19,), (22,), (25, 26), (23,), (28,),
)  # fmt: skip

_DIRECT: dict[tuple[str, str], tuple[tuple[tuple[int, ...], ...], bool]] = {
    ('wflw98', '300w68'): (_98_TO_68, True),
    ('300w68', '300w51'): (_each(INNER51), True),
    ('300w68', '300w49'): (_each(INNER49), True),
    ('300w68', 'mtfl5'): (_68_TO_5, True),
    ('lapa106', '300w68'): (_106_TO_68, False),
    ('wflw98', 'cofw29'): (_98_TO_29, False),
    ('wflw98', 'aflw19'): (_98_TO_19, False),
    ('300w68', 'cofw29'): (_68_TO_29, False),
    ('300w68', 'aflw19'): (_68_TO_19, False),
    ('cofw29', 'aflw19'): (_29_TO_19, False),
    ('cofw29', 'mtfl5'): (_each((16, 17, 20, 22, 23)), False),
    ('aflw19', 'mtfl5'): (_each((7, 10, 13, 15, 17)), False),
}
