"""What a set of facial points is: the contract that data, models and metrics share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from fanet_mmpose.errors import UserError

PARTS = ('contour', 'brows', 'eyes', 'nose', 'mouth')

Pair = tuple[int, int]
PointGroup = tuple[int, ...]
MAX_POINTS = 10_000
"""Far above any set of facial points (3D meshes have 478); bounds what a file can ask for."""


@dataclass(frozen=True)
class PointSchema:
    """An ordered set of K facial points.

    "Left" and "right" are the image's: on an upright, unmirrored face the left eye has the
    smaller x. All indices are 0-based.

    Attributes:
        name: unique name, such as ``'wflw98'``.
        point_names: K distinct names in order.
        flip_pairs: points that change places when the picture is mirrored, each pair once;
            a point in no pair lies on the midline.
        skeleton: pairs of points joined by a line in drawings.
        parts: point indices of each of `PARTS`; a part without points is left out.
        eye_corners: points whose means, left and right, are the two ends of the inter-ocular
            distance, or None where the set has no such points.
        pupils: the same for the inter-pupil distance.
        dataset_name: MMPose's ``dataset_name`` of data labelled so; by default `name`.
        joint_weights: K weights for MMPose's metainfo; empty means all 1.
        sources: by the name of another set, K groups of its points: each point here is the mean
            of its group; an empty group where that set has no such point.

    Raises:
        UserError: an index out of range, a repeated name or a point in two mirror pairs.
    """

    name: str
    point_names: tuple[str, ...]
    flip_pairs: tuple[Pair, ...] = ()
    skeleton: tuple[Pair, ...] = ()
    parts: Mapping[str, PointGroup] = field(default_factory=dict)
    eye_corners: tuple[PointGroup, PointGroup] | None = None
    pupils: tuple[PointGroup, PointGroup] | None = None
    dataset_name: str = ''
    joint_weights: tuple[float, ...] = ()
    sources: Mapping[str, tuple[PointGroup, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.dataset_name:
            object.__setattr__(self, 'dataset_name', self.name)
        self._check_names()
        self._check_indices()
        mirrored = list(chain.from_iterable(self.flip_pairs))
        if len(set(mirrored)) != len(mirrored):
            raise UserError(f'schema {self.name}: a point is in two flip_pairs; list each once')

    def _check_names(self) -> None:
        if not self.point_names:
            raise UserError(f'schema {self.name}: it has no points; list them under "points"')
        if self.num_points > MAX_POINTS:
            raise UserError(f'schema {self.name}: a set has 1 to {MAX_POINTS} points')
        if len(set(self.point_names)) != self.num_points:
            raise UserError(f'schema {self.name}: point names repeat; give each its own')
        unknown = set(self.parts) - set(PARTS)
        if unknown:
            raise UserError(
                f'schema {self.name}: unknown part {sorted(unknown)[0]!r}; '
                f'the parts are {", ".join(PARTS)}'
            )
        if self.joint_weights and len(self.joint_weights) != self.num_points:
            raise UserError(f'schema {self.name}: joint_weights needs {self.num_points} numbers')

    def _check_indices(self) -> None:
        groups = {
            'flip_pairs': self.flip_pairs,
            'skeleton': self.skeleton,
            'parts': self.parts.values(),
            'eye_corners': self.eye_corners or (),
            'pupils': self.pupils or (),
        }
        for label, group in groups.items():
            outside = [i for i in chain.from_iterable(group) if not 0 <= i < self.num_points]
            if outside:
                raise UserError(
                    f'schema {self.name}: {label} names point {outside[0]}, '
                    f'but the points are 0 to {self.num_points - 1}'
                )

    @property
    def num_points(self) -> int:
        """K."""
        return len(self.point_names)

    @property
    def flip_indices(self) -> np.ndarray:
        """[K] integers; ``mirrored_points = points[flip_indices]`` after mirroring x."""
        indices = np.arange(self.num_points)
        for first, second in self.flip_pairs:
            indices[[first, second]] = second, first
        return indices

    @property
    def inner(self) -> PointGroup:
        """Points that are not on the contour: 51 of the 68, 65 of the 98."""
        contour = set(self.parts.get('contour', ()))
        return tuple(i for i in range(self.num_points) if i not in contour)

    def to_metainfo(self) -> dict:
        """MMPose's ``METAINFO`` of this set, ready for ``parse_pose_metainfo``."""
        names = self.point_names
        swap = self.flip_indices
        return {
            'dataset_name': self.dataset_name,
            'keypoint_info': {
                i: {
                    'name': name,
                    'id': i,
                    'color': [255, 0, 0],
                    'type': '',
                    'swap': '' if swap[i] == i else names[swap[i]],
                }
                for i, name in enumerate(names)
            },
            'skeleton_info': {
                i: {'link': (names[a], names[b]), 'id': i, 'color': [96, 96, 255]}
                for i, (a, b) in enumerate(self.skeleton)
            },
            'joint_weights': list(self.joint_weights) or [1.0] * self.num_points,
            'sigmas': [],
        }


def numbered_names(count: int) -> tuple[str, ...]:
    """MMPose's names of facial points: ``kpt-0``, ``kpt-1`` and so on.

    Raises:
        UserError: `count` is above `MAX_POINTS`.
    """
    if isinstance(count, bool) or count > MAX_POINTS:
        raise UserError(f'{count} points: a set has 1 to {MAX_POINTS}')
    return tuple(f'kpt-{i}' for i in range(count))


def chain_links(points: Sequence[int], closed: bool = False) -> tuple[Pair, ...]:
    """Links that join consecutive points, and the last to the first when closed."""
    following = [*points[1:], points[0]] if closed else points[1:]
    return tuple(zip(points, following, strict=False))


def subset(schema: PointSchema, kept: Iterable[int], name: str) -> PointSchema:
    """The set that keeps only some points of another, in the given order.

    Pairs, links and groups that lose a point are dropped; parts keep what remains.
    """
    kept = tuple(kept)
    position = {old: new for new, old in enumerate(kept)}

    def renumber_whole(groups: Iterable[Sequence[int]]) -> tuple:
        return tuple(tuple(position[i] for i in g) for g in groups if all(i in position for i in g))

    def renumber_two(groups: tuple[PointGroup, PointGroup] | None) -> tuple | None:
        remaining = renumber_whole(groups or ())
        return remaining if len(remaining) == 2 else None

    parts = {
        part: tuple(position[i] for i in points if i in position)
        for part, points in schema.parts.items()
    }
    return PointSchema(
        name=name,
        point_names=tuple(schema.point_names[i] for i in kept),
        flip_pairs=renumber_whole(schema.flip_pairs),
        skeleton=renumber_whole(schema.skeleton),
        parts={part: points for part, points in parts.items() if points},
        eye_corners=renumber_two(schema.eye_corners),
        pupils=renumber_two(schema.pupils),
    )
