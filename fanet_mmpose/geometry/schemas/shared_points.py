"""Which points of a set another set knows: what pre-fills labels and starts a training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.conversions import get_conversion
from fanet_mmpose.geometry.schemas.point_schema import PointSchema
from fanet_mmpose.geometry.schemas.registry import known_schemas


@dataclass(frozen=True, eq=False)
class SharedPoints:
    """A map from a set of K_source points to some of the K points of another.

    Attributes:
        weights: [K, K_source]; a row sums to 1, or is 0 where the source has no such point.
    """

    weights: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """[K] bool: the points that the source has."""
        return self.weights.any(axis=1)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Values [..., K_source, D] as [..., K, D], NaN at points that are not known."""
        return np.where(self.known[:, None], self.weights @ np.asarray(values, float), np.nan)


def shared_points(source: PointSchema, target: PointSchema) -> SharedPoints:
    """What `source` has of `target`: by what `target.sources` states, or by the conversions.

    A conversion in the other direction tells the points that it takes as they are: 68 of WFLW's 98
    are 300W's.

    Raises:
        UserError: nothing, as far as is known.
    """
    if source.name == target.name or source.point_names == target.point_names:
        return SharedPoints(np.eye(target.num_points))
    found = next(_maps(source, target), None)
    if found is None or not found.known.any():
        raise UserError(
            f'schema {target.name}: nothing says which of its points {source.name} has; state it '
            f'under "sources", as in docs/schemas.md: {{{source.name}: {{'
            f'{target.point_names[0]}: 0, ...}}}}'
        )
    return found


def _maps(source: PointSchema, target: PointSchema) -> Iterator[SharedPoints]:
    """The ways from one to the other, the stated ones first."""
    if source.name in target.sources:
        yield SharedPoints(_means(target.sources[source.name], source.num_points))
    for name, groups in target.sources.items():
        way = _conversion(source.name, name)
        if way is not None:
            yield SharedPoints(_means(groups, len(way)) @ way)
    way = _conversion(source.name, target.name)
    if way is not None:
        yield SharedPoints(way)
    back = _conversion(target.name, source.name)
    if back is not None:
        yield SharedPoints(_reverse(back))


def _conversion(source: str, target: str) -> np.ndarray | None:
    """[K_target, K_source], or None where there is no conversion."""
    if not {source, target} <= set(known_schemas()):
        return None
    try:
        return get_conversion(source, target).weights
    except UserError:
        return None


def _reverse(way: np.ndarray) -> np.ndarray:
    """[K, K_source] from a conversion [K_source, K]: the points that it takes as they are."""
    taken = np.where((way == 1).any(axis=1, keepdims=True), way, 0).T
    return taken / np.maximum(taken.sum(axis=1, keepdims=True), 1)


def _means(groups: Sequence[tuple[int, ...]], num_source: int) -> np.ndarray:
    """[K, K_source]: each row the mean of its group."""
    weights = np.zeros((len(groups), num_source))
    for row, group in zip(weights, groups, strict=True):
        if group:
            row[list(group)] = 1 / len(group)
    return weights
