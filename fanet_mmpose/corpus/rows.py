"""Rows of the output: one for each face, one for an input without, one for each error.

docs/results_format.md documents the columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fanet_mmpose.applications.measured import columns_of
from fanet_mmpose.corpus.arrow import arrow
from fanet_mmpose.corpus.item import Item
from fanet_mmpose.inference.face_landmarks import FaceLandmarks

if TYPE_CHECKING:
    import pyarrow

Row = dict[str, Any]
# Column -> type by the name of pyarrow's function; lists are of 32-bit floats.
COLUMNS = {
    'source': 'string',
    'key': 'string',
    'face': 'int32',
    'time': 'float64',
    'width': 'int32',
    'height': 'int32',
    'box': 'list',
    'roll': 'float32',
    'score': 'float32',
    'points': 'list',
    'scores': 'list',
    'scales': 'list',
    'visibility': 'list',
    'track': 'int32',
    'model_sha256': 'string',
    'tool_version': 'string',
    'error': 'string',
}
ARRAYS = ('box', 'points', 'scores', 'scales', 'visibility')
LONGEST_ERROR = 500  # characters


def arrow_schema(names: Iterable[str] = COLUMNS) -> pyarrow.Schema:
    """Columns as pyarrow has them; those of applications are 32-bit floats.

    Raises:
        UserError: there is no pyarrow.
    """
    pa = arrow()
    types = {'list': pa.list_(pa.float32())}
    kinds = {name: COLUMNS.get(name, 'float32') for name in names}
    return pa.schema(
        [(name, types.get(kind) or getattr(pa, kind)()) for name, kind in kinds.items()]
    )


class RowMaker:
    """Rows that share model and version.

    Args:
        model_sha256: of the model's file.
        tool_version: of this package.
        applications: whose columns every row has, see `applications.measured`.
    """

    def __init__(
        self, model_sha256: str, tool_version: str, applications: Iterable[str] = ()
    ) -> None:
        self._columns = (*COLUMNS, *columns_of(applications))
        self._shared = {'model_sha256': model_sha256, 'tool_version': tool_version}

    def faces(
        self, item: Item, faces: list[FaceLandmarks], shape: tuple[int, ...], **place: Any
    ) -> list[Row]:
        """Of a picture of `shape` (H, W, …).

        Args:
            item: the input.
            faces: what was found; none gives a row without a face.
            shape: of the picture.
            place: further columns: ``key`` and ``time`` of a frame.
        """
        here = {**self._of(item), 'height': shape[0], 'width': shape[1], **place}
        return [
            {**here, 'face': number, **_face_columns(face)} for number, face in enumerate(faces)
        ] or [here]

    def error(self, item: Item, sentence: str) -> Row:
        """Of an input that could not be used."""
        return {**self._of(item), 'error': _shortened(utf8(sentence))}

    def _of(self, item: Item) -> Row:
        nothing = dict.fromkeys(self._columns)
        return {**nothing, **self._shared, 'source': utf8(item.source), 'key': utf8(item.key)}


def _face_columns(face: FaceLandmarks) -> Row:
    roll = getattr(face, 'roll', None)  # of detectors that know it
    return {
        'box': face.box.ravel(),
        'roll': None if roll is None or math.isnan(roll) else float(roll),
        'score': face.score,
        'points': face.points.ravel(),
        'scores': face.scores,
        'scales': face.scales,
        'visibility': face.visibility,
        'track': face.track_id,
        **(face.measured.row() if face.measured else {}),
    }


def _shortened(sentence: str) -> str:
    """At most `LONGEST_ERROR` characters; the name at the beginning is cut, the reason stays."""
    if len(sentence) <= LONGEST_ERROR:
        return sentence
    half = LONGEST_ERROR // 2 - 1
    return f'{sentence[:half]}…{sentence[-half:]}'


def utf8(text: str) -> str:
    """Names of files may hold any bytes; those that are no UTF-8 become ``\\xNN``."""
    return text.encode('utf-8', 'surrogateescape').decode('utf-8', 'backslashreplace')
