"""Detectors side by side on annotated faces, and their table for docs/detectors.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import iou
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.box_mapping import centers_and_sides
from fanet_mmpose.inference.detectors.calibrate import HIT, AnnotatedFace, annotated_faces, study
from fanet_mmpose.inference.detectors.detector import Detector, build_detector
from projects.face_detector.search_options import OPTIONS

# A small movement of the camera: scale, then shift in px.
SCALE, SHIFT = 1.02, np.array([2.3, -1.7])


@dataclass(frozen=True)
class Measured:
    """One detector on one set.

    Attributes:
        faces: pictures, one annotated face each.
        recall: at the default threshold.
        false_boxes: per picture, at the default threshold.
        recalls: by false boxes a picture, at the threshold that allows as many.
        overlap: mean over the faces found.
        milliseconds: of CPU time, median per picture.
        jitter: see `box_jitter`; None if no face was found twice.
    """

    faces: int
    recall: float
    false_boxes: float
    recalls: Mapping[str, float]
    overlap: float
    milliseconds: float
    jitter: float | None


def box_jitter(detect: Detector, faces: Iterable[AnnotatedFace]) -> float | None:
    """How far a box strays when the camera moves by 2 px and 2 %, in sides of the face.

    The box of the moved picture is moved back; the distance of the two middles plus the
    difference of the two sides, median over the faces found both times; None if there are none.
    """
    strays = []
    move = np.column_stack([np.eye(2) * SCALE, SHIFT])
    for face in faces:
        image = load_image(face.path)
        moved = cv2.warpAffine(image, move, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101)
        boxes = detect(image, str(face.path)).boxes
        back = (detect(moved, str(face.path)).boxes - np.tile(SHIFT, 2)) / SCALE
        pair = [_best(found, face.box) for found in (boxes, back)]
        if pair[0] is not None and pair[1] is not None:
            centers, sides = centers_and_sides(np.stack(pair))
            stray = np.linalg.norm(centers[0] - centers[1]) + abs(sides[0, 0] - sides[1, 0])
            strays.append(stray / max(face.box[2:] - face.box[:2]))
    return float(np.median(strays)) if strays else None


def _best(boxes: np.ndarray, face: np.ndarray) -> np.ndarray | None:
    """The box that overlaps the face most, if it is a hit."""
    shares = iou(face, boxes)
    return boxes[shares.argmax()] if shares.max(initial=0) >= HIT else None


def measure(name: str, faces: Sequence[AnnotatedFace], moved: int = 50) -> Measured:
    """One detector on one set.

    Args:
        name: as `build_detector` takes it.
        faces: pictures with one face each.
        moved: of so many, evenly chosen, the jitter is measured.

    Raises:
        UserError: see `build_detector`.
    """
    options = OPTIONS.get(name)
    usual = build_detector(name, options=options.usual) if options else build_detector(name)
    usual(np.zeros((64, 64, 3), np.uint8), str(faces[0].path))  # not timed: the first is slow
    seen = study(usual, faces)
    loose = study(build_detector(name, options=options.loose), faces) if options else seen
    return Measured(
        faces=seen.faces,
        recall=seen.recall,
        false_boxes=seen.false_boxes,
        recalls={str(rate): value for rate, value in loose.recalls.items()},
        overlap=seen.overlap,
        milliseconds=seen.milliseconds,
        jitter=box_jitter(usual, faces[:: max(1, len(faces) // moved)]),
    )


def measure_on(name: str, roots: Sequence[str], limit: int) -> dict[str, Any]:
    """A detector's row: folder of faces -> `Measured` on its val split."""
    return {
        Path(root).name: asdict(measure(name, list(annotated_faces(root, 'val', limit))))
        for root in roots
    }


def write_row(folder: Path, name: str, row: Mapping[str, Any], command: str) -> None:
    """Write ``folder/name.json``."""
    note = 'CPU time, one thread; other work on the machine'
    write_json(folder / f'{name}.json', dict(command=command, note=note, results=row), indent=1)


def format_table(rows: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """Markdown, a line for each detector.

    Args:
        rows: detector -> set -> fields of `Measured`; every row of the same sets.

    Raises:
        UserError: a row lacks a set.
    """
    sets = list(dict.fromkeys(name for row in rows.values() for name in row))
    head = ['recall at 0.1', 'at 1', 'default: recall', 'false', 'overlap', 'jitter %', 'CPU ms']
    titles = [f'{name}: {head[0]}' for name in sets]
    cells = [title for name in titles for title in (name, *head[1:])]
    lines = ['| | ' + ' | '.join(cells) + ' |', '|---' * (len(cells) + 1) + '|']
    for detector, row in rows.items():
        lacking = [name for name in sets if name not in row]
        if lacking:
            raise UserError(f'{detector}: was not measured on {lacking[0]}: measure it again')
        values = [value for name in sets for value in _cells(row[name])]
        lines.append(f'| `{detector}` | ' + ' | '.join(values) + ' |')
    return '\n'.join(lines)


def _cells(seen: Mapping[str, Any]) -> list[str]:
    recalls = [f'{seen["recalls"][rate]:.3f}' for rate in ('0.1', '1.0')]
    jitter = '–' if seen['jitter'] is None else f'{100 * seen["jitter"]:.1f}'
    overlap_cell = f'{seen["overlap"]:.2f}' if seen['recall'] else '–'
    default = [f'{seen["recall"]:.3f}', f'{seen["false_boxes"]:.2f}', overlap_cell]
    return [*recalls, *default, jitter, f'{seen["milliseconds"]:.1f}']
