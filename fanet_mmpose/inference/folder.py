"""Landmarks of a list of pictures, into a folder; a bad file does not stop the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.applications.measured import columns_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import make_folder, replacing
from fanet_mmpose.images import MAX_MEGAPIXELS, load_image
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tables import write_csv, write_json, write_measures


@dataclass
class Outcome:
    """Faces by image path, one sentence for each picture that failed, and how many are done.

    A picture whose drawing could not be written is in both. `unwritten` has a sentence for each
    table that could not be.
    """

    found: dict[str, list[FaceLandmarks]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)
    done: int = 0

    @property
    def num_faces(self) -> int:
        """In all pictures."""
        return sum(map(len, self.found.values()))


@dataclass(frozen=True)
class FolderOptions:
    """`schema`: convert points to it; `batch`: pictures per forward pass; `pictures`: draw them.

    `applications`: what to measure of each face, see `applications.measured`.
    `max_megapixels`: of one picture.
    """

    schema: str | None = None
    batch: int = 8
    pictures: bool = True
    applications: tuple[str, ...] = ()
    max_megapixels: int = MAX_MEGAPIXELS


def process_images(
    landmarker: FaceLandmarker, paths: Sequence[Path], out: Path, options: FolderOptions
) -> Iterator[Outcome]:
    """Write `landmarks.json`, `landmarks.csv` and drawn pictures to `out`.

    Also `faces.csv`, a row for each face, where applications are asked for.

    Yields the growing outcome after each picture, for a progress bar; the tables are written
    after the last one.

    Raises:
        UserError: `out` cannot be written to, or a drawing would take the place of a picture.
    """
    outcome, names = Outcome(), unique_names(paths)
    make_folder(out)
    if options.pictures:
        _keep_pictures(paths, [out / name for name in names.values()])
    for chunk in _chunks(paths, options.batch):
        for path, image, faces in _find(landmarker, chunk, outcome, options.max_megapixels):
            faces = [_finished(face, options) for face in faces]
            outcome.found[str(path)] = faces
            outcome.done += 1
            try:
                if options.pictures:
                    _write_picture(image, faces, out / names[path])
            except UserError as error:  # a full disk may still have room for the next one
                outcome.failed.append(str(error))
            yield outcome
    _write_tables(outcome, out, options)
    yield outcome


def _finished(face: FaceLandmarks, options: FolderOptions) -> FaceLandmarks:
    """Measured first: it takes the points that the model found."""
    if options.applications:
        face = face.with_applications(options.applications)
    return face.convert(options.schema) if options.schema else face


def _write_tables(outcome: Outcome, out: Path, options: FolderOptions) -> None:
    tables = {'landmarks.json': write_json, 'landmarks.csv': write_csv}
    if options.applications:
        tables['faces.csv'] = partial(write_measures, columns=columns_of(options.applications))
    for name, write in tables.items():
        try:
            write(outcome.found, out / name)
        except UserError as error:
            outcome.unwritten.append(str(error))


def _find(
    landmarker: FaceLandmarker, paths: Iterable[Path], outcome: Outcome, max_megapixels: int
) -> Iterator[tuple[Path, np.ndarray, list[FaceLandmarks]]]:
    """Path, picture and faces of every readable picture; the others go to `outcome.failed`."""
    readable, images, found = [], [], []
    for path in paths:
        try:
            image = load_image(path, max_megapixels)
            found.append(landmarker.detector(image, str(path)))
        except (UserError, cv2.error, MemoryError) as error:
            known = isinstance(error, UserError)
            outcome.failed.append(str(error) if known else f'{path}: is too large for OpenCV')
            outcome.done += 1
            continue
        readable.append(path)
        images.append(image)
    faces = map(landmarker.keep_sure, landmarker.look(images, found))
    yield from zip(readable, images, faces, strict=True)


def _chunks(paths: Sequence[Path], size: int) -> Iterator[list[Path]]:
    remaining = iter(paths)
    while chunk := list(islice(remaining, max(1, size))):
        yield chunk


def _keep_pictures(paths: Iterable[Path], drawings: Iterable[Path]) -> None:
    there = {path.resolve() for path in paths}
    for drawing in drawings:
        if drawing.resolve() in there:
            raise UserError(
                f'{drawing}: is one of the pictures and would be overwritten, write to another '
                'folder'
            )


def unique_names(paths: Sequence[Path]) -> dict[Path, str]:
    """A file name for each picture's drawing; equal names from different folders get numbers."""
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        stem, number = path.stem, 1
        while f'{stem}.jpg' in taken:
            number += 1
            stem = f'{path.stem}_{number}'
        taken.add(f'{stem}.jpg')
        names[path] = f'{stem}.jpg'
    return names


def _write_picture(image: np.ndarray, faces: list[FaceLandmarks], path: Path) -> None:
    for face in faces:
        image = face.draw(image)
    try:
        encoded = cv2.imencode(path.suffix, image)[1]
    except cv2.error as error:
        raise UserError(f'{path}: OpenCV cannot write this picture, is it too large?') from error
    with replacing(path) as temporary:
        temporary.write_bytes(encoded)  # cv2.imwrite does not say that the disk is full
