"""One picture that shows a wrong order, a mirrored set or an off-by-one at a glance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.datasets.converters.records import OCCLUDED, FaceRecord
from fanet_mmpose.files import write_bytes
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.images import load_image

TILE = 240
COLUMNS = 4
ROWS = 4
NUMBERED = TILE * ROWS
"""Side of the square on the left, where one face carries the points' numbers."""

_MARGIN = 1.4
_MIDLINE = (80, 220, 80)
_FIRST_OF_PAIR = (255, 160, 40)
_SECOND_OF_PAIR = (40, 120, 255)
_OCCLUDED = (200, 60, 200)


def write_contact_sheet(
    path: Path,
    records: Sequence[FaceRecord],
    schema: PointSchema,
    locate: Callable[[FaceRecord], Path],
) -> None:
    """A PNG: one large numbered face, 16 more beside it, spread over the records.

    The points of a mirror pair are blue (the pair's first) and orange, those on the midline
    green, occluded ones purple: a mirrored set shows its colours exchanged.
    """
    chosen = [records[i] for i in np.linspace(0, len(records) - 1, ROWS * COLUMNS).astype(int)]
    sheet = np.full((NUMBERED, NUMBERED + COLUMNS * TILE, 3), 32, np.uint8)
    best = max(chosen, key=lambda record: np.ptp(record.labelled, axis=0).max())
    sheet[:, :NUMBERED] = _tile(best, schema, locate(best), NUMBERED, numbered=True)
    for i, record in enumerate(chosen):
        row, column = divmod(i, COLUMNS)
        y, x = row * TILE, NUMBERED + column * TILE
        sheet[y : y + TILE, x : x + TILE] = _tile(record, schema, locate(record), TILE)
    write_bytes(path, cv2.imencode('.png', sheet)[1].tobytes())


def _tile(
    record: FaceRecord, schema: PointSchema, image: Path, side: int, numbered: bool = False
) -> np.ndarray:
    """[side, side, 3] the face and its points."""
    box = tight_box(record.labelled)
    scale = side / (_MARGIN * max((box[2:] - box[:2]).max(), 1.0))
    shift = (side - 1) / 2 - scale * (box[:2] + box[2:]) / 2
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    tile = cv2.warpAffine(load_image(image), matrix, (side, side), flags=cv2.INTER_AREA)
    points = np.round(record.points * scale + shift).astype(int)
    radius = 2 + side // 480
    for i in np.flatnonzero(record.visibility):
        center = (int(points[i, 0]), int(points[i, 1]))
        cv2.circle(tile, center, radius, _colour(i, record, schema), -1, cv2.LINE_AA)
        if numbered:
            _label(tile, str(i), center)
    caption = f'{record.fold}: {Path(record.name).name}'.encode('ascii', 'replace').decode()
    _label(tile, caption[:34], (4, side - 8))
    return tile


def _colour(i: int, record: FaceRecord, schema: PointSchema) -> tuple[int, int, int]:
    if record.visibility[i] == OCCLUDED:
        return _OCCLUDED
    if schema.flip_indices[i] == i:
        return _MIDLINE
    first_of_pair = {pair[0] for pair in schema.flip_pairs}
    return _FIRST_OF_PAIR if i in first_of_pair else _SECOND_OF_PAIR


def _label(tile: np.ndarray, text: str, at: tuple[int, int]) -> None:
    at = (at[0] + 3, at[1] + 4)
    for colour, thickness in (((0, 0, 0), 2), ((255, 255, 255), 1)):
        cv2.putText(tile, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, colour, thickness, cv2.LINE_AA)
