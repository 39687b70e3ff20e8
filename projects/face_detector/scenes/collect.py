"""Which faces a split's scenes are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from projects.face_detector.scenes.face_sources import (
    POINTS,
    AnnotatedFaces,
    DrawnFaces,
    FaceSource,
    MixedFaces,
)
from projects.face_detector.scenes.few_points import complete_points

DRAWN_COUNT = 20_000
FEW = 5


@dataclass(frozen=True)
class FaceSets:
    """Where faces come from.

    Attributes:
        folders: data sets with ``annotations/{train,val}.json``.
        weights: one for each folder; empty for equal ones.
        drawn: share of drawn faces, 0 to 1; all of them if there are no folders.
        seed: of the drawn faces.
        model: shipped weights that complete sets of 5 points.
    """

    folders: Sequence[Path]
    weights: Sequence[float]
    drawn: float
    seed: int
    model: str

    def __post_init__(self) -> None:
        weights = self.weights or [1.0] * len(self.folders)
        if len(weights) != len(self.folders) or min(weights, default=1) <= 0:
            raise UserError(
                f'{len(self.folders)} folders of faces need as many weights above 0: {weights}'
            )
        if not 0 <= self.drawn <= 1:
            raise UserError(f'the share of drawn faces must be 0 to 1: {self.drawn}')


def collect_faces(sets: FaceSets, split: str, cache: Path) -> MixedFaces:
    """The faces of a split. A folder without the split is passed over, if another has it.

    Args:
        sets: where they come from.
        split: train or val.
        cache: folder for the completed annotations of sets with 5 points.

    Raises:
        UserError: a file is malformed, a folder has no annotations, or no folder has the split.
    """
    sources: list[FaceSource] = []
    weights: list[float] = []
    for folder, weight in zip(sets.folders, sets.weights or [1.0] * len(sets.folders), strict=True):
        if not (folder / 'annotations').is_dir():
            raise UserError(f'{folder}: has no folder "annotations": is it a data set of faces?')
        path = folder / 'annotations' / f'{split}.json'
        if path.is_file():
            sources.append(_annotated(path, folder, cache, sets.model))
            weights.append(weight)
    if sets.folders and not sources:
        raise UserError(f'none of the folders has annotations/{split}.json')
    drawn = sets.drawn if sources else 1.0
    weights = [weight / sum(weights) * (1 - drawn) for weight in weights]
    # Another seed for each split, so that no drawn face is in both.
    sources.append(DrawnFaces(2 * sets.seed + (split == 'val'), DRAWN_COUNT))
    return MixedFaces(sources, [*weights, drawn])


def _annotated(path: Path, folder: Path, cache: Path, model: str) -> AnnotatedFaces:
    first = next(iter(load_annotations(path).values()), None)
    if first is None or len(first.points) != FEW:
        return AnnotatedFaces(path, folder)
    completed = cache / f'{folder.name}_{path.stem}_{POINTS}.json'
    if not completed.is_file():
        complete_points(path, folder, completed, model)
    return AnnotatedFaces(completed, folder)
