"""Landmarks of many pictures as JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from fanet_mmpose.files import replacing
from fanet_mmpose.inference.face_landmarks import FaceLandmarks

Found = Mapping[str, list[FaceLandmarks]]  # image path -> faces
OF_FACE = ('roll', 'is_face')  # the same in each row of a face
COLUMNS = ('image', 'face', 'point', 'x', 'y', 'score', 'visibility', 'scale', *OF_FACE)


def to_json(found: Found) -> dict[str, Any]:
    """``{"images": [{"image": ..., "faces": [...]}]}``, faces as `FaceLandmarks.to_dict`.

    The detector `precomputed` reads it.
    """
    images = [
        {'image': image, 'faces': [face.to_dict() for face in faces]}
        for image, faces in found.items()
    ]
    return {'images': images}


def write_json(found: Found, path: Path) -> None:
    """`to_json`, as a file."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(to_json(found)), encoding='utf-8')


def write_csv(found: Found, path: Path) -> None:
    """One row for each point, see `COLUMNS`; faces and points are numbered from 0."""
    with replacing(path) as temporary, temporary.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for image, faces in found.items():
            for number, face in enumerate(faces):
                writer.writerows([image, number, *row] for row in _rows(face))


def write_measures(found: Found, path: Path, columns: Sequence[str]) -> None:
    """One row for each face that has `measured`: ``image``, ``face`` and `columns`."""
    with replacing(path) as temporary, temporary.open('w', newline='', encoding='utf-8') as file:
        writer = csv.DictWriter(file, ('image', 'face', *columns))
        writer.writeheader()
        for image, faces in found.items():
            for number, face in enumerate(faces):
                if face.measured:
                    writer.writerow({'image': image, 'face': number, **face.measured.row()})


class FrameTable:
    """Landmarks of a video as CSV, written frame by frame.

    Args:
        file: open for writing, with ``newline=''``.
    """

    columns = ('frame', 'time', 'track_id', *COLUMNS[2:])

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(self.columns)

    def write(self, frame: int, time: float, faces: Iterable[FaceLandmarks]) -> None:
        """A row for each point of a frame at `time` seconds."""
        for face in faces:
            start = [frame, round(time, 4), face.track_id]
            self._writer.writerows([*start, *row] for row in _rows(face))


class MeasureTable:
    """What was measured of the faces of a video as CSV, a row for each face of a frame.

    Args:
        file: open for writing, with ``newline=''``.
        columns: of what was measured, see `applications.measured.columns_of`.
    """

    def __init__(self, file: TextIO, columns: Sequence[str]) -> None:
        self._writer = csv.DictWriter(file, ('frame', 'time', 'track_id', *columns))
        self._writer.writeheader()

    def write(self, frame: int, time: float, faces: Iterable[FaceLandmarks]) -> None:
        """A row for each face that has `measured`, of a frame at `time` seconds."""
        start = {'frame': frame, 'time': round(time, 4)}
        for face in faces:
            if face.measured:
                self._writer.writerow({**start, 'track_id': face.track_id, **face.measured.row()})


def _rows(face: FaceLandmarks) -> Iterator[list[float]]:
    """Of each point: its number, x, y, score, visibility and scale; then those of its face."""
    values = face.to_dict()
    of_face = [values[name] for name in OF_FACE]
    columns = (values[name] for name in ('scores', 'visibility', 'scales'))
    for point, (xy, *rest) in enumerate(zip(values['points'], *columns, strict=True)):
        yield [point, *xy, *rest, *of_face]
