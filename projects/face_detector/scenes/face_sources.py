"""Pictures of one face each, with its points: annotated ones from files, and drawn ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.images import load_image
from fanet_mmpose.synthetic.renderer import render_face

SCHEMA = '300w68'  # its tight box is what the models are trained on
POINTS = 68
DRAWN_SIZE = 224  # px


@dataclass(frozen=True, eq=False)
class FacePicture:
    """A picture of one face.

    Attributes:
        image: uint8 [H, W, 3], blue first.
        points: [68, 2] px.
    """

    image: np.ndarray
    points: np.ndarray


class FaceSource(Protocol):
    """A numbered supply of faces."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> FacePicture: ...


class AnnotatedFaces:
    """Faces of a COCO-style file; pictures are read when asked for.

    Args:
        ann_file: annotations with 68 points each.
        root: folder that their file names start from.

    Raises:
        UserError: the file is missing or malformed, empty, or of another point set. Later: a
            picture cannot be read.
    """

    def __init__(self, ann_file: Path, root: Path) -> None:
        self._root = root
        self._faces = list(load_annotations(ann_file).values())
        if not self._faces:
            raise UserError(f'{ann_file}: has no faces')
        odd = next((face for face in self._faces if len(face.points) != POINTS), None)
        if odd is not None:
            raise UserError(
                f'{ann_file}: annotation {odd.id} has {len(odd.points)} points, and {POINTS} are '
                'needed for the box'
            )

    def __len__(self) -> int:
        return len(self._faces)

    def __getitem__(self, index: int) -> FacePicture:
        face = self._faces[index]
        return FacePicture(load_image(self._root / face.image), face.points)


class DrawnFaces:
    """Faces of `render_face`. Args: seed of the set; how many there are."""

    def __init__(self, seed: int, count: int) -> None:
        self._seed, self._count = seed, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> FacePicture:
        face = render_face((self._seed, 0, index), DRAWN_SIZE)
        return FacePicture(face.image, face.points.to_schema(SCHEMA)[0])


class MixedFaces:
    """Several sources as one; each is chosen with its weight, then a face of it evenly.

    Args:
        sources: at least one.
        weights: one for each source, not negative.
    """

    def __init__(self, sources: Sequence[FaceSource], weights: Sequence[float]) -> None:
        self._sources, total = list(sources), float(sum(weights))
        self._chances = [weight / total for weight in weights]

    def draw(self, rng: np.random.Generator) -> FacePicture:
        """A face at random. Raises `UserError` if its picture cannot be read."""
        source = self._sources[int(rng.choice(len(self._sources), p=self._chances))]
        return source[int(rng.integers(len(source)))]
