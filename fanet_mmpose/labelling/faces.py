"""The faces of pictures, each with what a choice among them goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from tqdm import tqdm

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.lists import NO_FACE, TINY, UNREADABLE, Skipped

PATCH = 32  # side of a face's grey patch, px
_CHUNK = 8  # pictures that share the network's passes


@dataclass(frozen=True, eq=False)
class FoundFace:
    """One face of one picture.

    Attributes:
        image: path of the picture below its folder.
        found: its landmarks, px of the picture.
        patch: [PATCH, PATCH] uint8 grey, cut along the tight box of the points.
    """

    image: str
    found: FaceLandmarks
    patch: np.ndarray

    @property
    def box(self) -> np.ndarray:
        """[4] x1, y1, x2, y2: the tight box of the points, px."""
        return tight_box(self.found.points)

    @property
    def side(self) -> float:
        """Longer side of `box`, px."""
        return float((self.box[2:] - self.box[:2]).max())


@dataclass(frozen=True)
class Faces:
    """The faces of a folder.

    Attributes:
        main: the largest of each picture, in the order of their names.
        others: what else those pictures show.
        skipped: pictures without a usable face.
    """

    main: list[FoundFace]
    others: list[FoundFace]
    skipped: list[Skipped]


class Memory(Protocol):
    """`memory.FaceMemory`, or anything that remembers pictures."""

    def __contains__(self, image: str) -> bool: ...

    def recall(self, image: str) -> list[FoundFace]: ...

    def add(self, image: str, faces: Sequence[FoundFace]) -> None: ...


def find_faces(
    landmarker: FaceLandmarker,
    folder: Path,
    names: Sequence[str],
    min_side: int,
    memory: Memory | None = None,
) -> Faces:
    """Detect faces and find their points.

    Args:
        landmarker: what finds them.
        folder: where the pictures are.
        names: their paths below it.
        min_side: faces whose box has no side of so many px are left out.
        memory: pictures that need not be looked at again; learns the others.
    """
    result = Faces([], [], [])
    every = _remembering(landmarker, folder, names, result.skipped, memory)
    bar = tqdm(every, 'faces', len(names), unit='picture', disable=None)
    for name, faces in bar:
        large = sorted((f for f in faces if f.side >= min_side), key=lambda face: -face.side)
        if large:
            result.main.append(large[0])
            result.others.extend(large[1:])
        elif faces:
            side = max(face.side for face in faces)
            result.skipped.append(Skipped(name, TINY, f'its largest face has {side:.0f} px'))
        else:
            result.skipped.append(Skipped(name, NO_FACE, 'no face was found'))
    # What is remembered came first; a choice must not depend on where a run was interrupted.
    result.main.sort(key=lambda face: face.image)
    result.others.sort(key=lambda face: face.image)
    return result


def _remembering(
    landmarker: FaceLandmarker,
    folder: Path,
    names: Sequence[str],
    skipped: list[Skipped],
    memory: Memory | None,
) -> Iterator[tuple[str, list[FoundFace]]]:
    """`_find`, less what is remembered, which comes first."""
    known = [] if memory is None else [name for name in names if name in memory]
    for name in known:
        yield name, memory.recall(name)
    new = [name for name in names if name not in set(known)] if known else names
    for name, faces in _find(landmarker, folder, new, skipped):
        if memory is not None:
            memory.add(name, faces)
        yield name, faces


def _find(
    landmarker: FaceLandmarker, folder: Path, names: Iterable[str], skipped: list[Skipped]
) -> Iterator[tuple[str, list[FoundFace]]]:
    """Each readable picture's faces; the others go to `skipped`."""
    remaining = iter(names)
    while chunk := list(islice(remaining, _CHUNK)):
        images, detected = {}, []
        for name in chunk:
            try:
                image = load_image(folder / name)
                detected.append(landmarker.detector(image, str(folder / name)))
                images[name] = image
            except (UserError, cv2.error, MemoryError) as error:
                reason = str(error) if isinstance(error, UserError) else 'too large for OpenCV'
                skipped.append(Skipped(name, UNREADABLE, reason))
        found = landmarker.look([*images.values()], detected)
        for (name, image), faces in zip(images.items(), found, strict=True):
            sure = landmarker.keep_sure(faces)
            yield name, [FoundFace(name, face, _patch(image, face)) for face in sure]


def _patch(image: np.ndarray, face: FaceLandmarks) -> np.ndarray:
    size = (PATCH, PATCH)
    crop = crop_image(image, crop_matrix(tight_box(face.points), size, 1.0), size)
    return cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
