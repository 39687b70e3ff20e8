"""The stage: a work unit in, a part out. Every engine runs this."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fanet_mmpose import __version__
from fanet_mmpose.applications.measured import check_applications
from fanet_mmpose.corpus.item import PROBLEM, VIDEO, Item
from fanet_mmpose.corpus.manifest import WorkUnit
from fanet_mmpose.corpus.part_writer import part_name, writing_part
from fanet_mmpose.corpus.pictures import PictureReader, SourceGoneError
from fanet_mmpose.corpus.rows import Row, RowMaker
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.timing import DETECT, LANDMARKS, LOAD, WRITE, Stopwatch
from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.inference.detectors import Detections
from fanet_mmpose.inference.face_landmarks import FaceLandmarks, full_schema_name

DIED = 'the process that read it died twice, of a crash in a decoder or of too little memory'


@dataclass(frozen=True)
class Control:
    """Callbacks of a running unit.

    Attributes:
        at: called with the number of the item that is next.
        stops: whether to close the part before the next item.
    """

    at: Callable[[int], None] = lambda _: None
    stops: Callable[[], bool] = lambda: False


@dataclass
class Done:
    """The outcome of a unit, whose part holds its first `inputs` items.

    `seconds` by stage, `wall` and `cpu` are seconds of the process.
    """

    inputs: int = 0
    faces: int = 0
    errors: int = 0
    first_error: str = ''
    seconds: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    cpu: float = 0.0

    def count(self, rows: Sequence[Row]) -> None:
        """Add the faces and errors of rows."""
        for row in rows:
            self.faces += row['face'] is not None
            self.errors += row['error'] is not None
            self.first_error = self.first_error or row['error'] or ''


def describe_model(settings: JobSettings, info: ModelInfo) -> dict[str, Any]:
    """Name and SHA-256 of the model of a job, and the schema of its output.

    Raises:
        UserError: no conversion to the schema, or no application, that is asked for.
    """
    path, schema = model_file(settings.model, settings.backend, settings.device), info.schema.name
    if check_applications(settings.applications):  # they take 68 points
        get_conversion(schema, '300w68')
    if settings.schema:
        schema = get_conversion(schema, full_schema_name(settings.schema)).target
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {'model': info.name, 'model_sha256': digest, 'point_schema': schema}


class AnnotateStage:
    """Computes work units, one after the other, and writes their parts.

    Args:
        settings: of the job.
        out: folder of the parts.

    Raises:
        UserError: model, detector or device is not available.
    """

    def __init__(self, settings: JobSettings, out: Path) -> None:
        self.settings, self.out = settings, out
        self._landmarker = settings.landmarker()
        self.model = describe_model(settings, self._landmarker.info)
        self.rows = RowMaker(self.model['model_sha256'], __version__, settings.applications)
        self._reader = PictureReader(settings.image_column, settings.max_megapixels)
        self._schema = settings.schema and self.model['point_schema']

    def run(
        self, unit: WorkUnit, control: Control, alone: bool = False, dead: bool = False
    ) -> Done:
        """Write the part of a unit, or of its first items if `control` says so.

        Args:
            unit: what to compute.
            control: see `Control`; a part has one item at least.
            alone: no two pictures share a forward pass.
            dead: the unit is an item that killed its process twice; it gets an error row.

        Raises:
            SourceGoneError: a source has vanished; no part is written.
            UserError: the part cannot be written.
        """
        watch, done = Stopwatch(), Done()
        with writing_part(self.out / part_name(unit.number, self.settings.format)) as part:
            for rows, inputs in self._rows(unit, control, watch, alone, dead):
                done.inputs += inputs
                done.count(rows)
                with watch.stage(WRITE):
                    part.add(rows)
            start = watch.wall  # of what the end of the block writes
        watch.seconds[WRITE] = watch.seconds.get(WRITE, 0.0) + watch.wall - start
        done.seconds, done.wall, done.cpu = watch.seconds, watch.wall, watch.cpu
        return done

    def _rows(
        self, unit: WorkUnit, control: Control, watch: Stopwatch, alone: bool, dead: bool
    ) -> Iterator[tuple[list[Row], int]]:
        """Rows, and how many items they finish."""
        if dead:
            (item,) = unit.items
            yield [self.rows.error(item, f'{item.name}: {DIED}')], 1
            return
        size = 1 if alone else self.settings.batch
        for start in range(0, len(unit.items), size):
            late = watch.wall > self.settings.part_seconds
            if start and (late or control.stops()):
                return
            control.at(start)
            chunk = unit.items[start : start + size]
            if chunk[0].kind == VIDEO:
                yield from self._video(chunk[0])
            else:
                yield self._pictures(chunk, watch), len(chunk)

    def _pictures(self, items: Sequence[Item], watch: Stopwatch) -> list[Row]:
        """Rows of pictures in order, the faces of all in one forward pass."""
        errors: dict[int, Row] = {}
        loaded: dict[int, tuple[np.ndarray, Detections]] = {}
        for index, item in enumerate(items):
            try:
                loaded[index] = self._load(item, watch)
            except SourceGoneError:
                raise
            except UserError as error:
                errors[index] = self.rows.error(item, str(error))
        with watch.stage(LANDMARKS):
            images, detected = [list(column) for column in zip(*loaded.values(), strict=True)] or (
                [],
                [],
            )
            found = self._landmarker.look(images, detected)
            sure = dict(zip(loaded, map(self._landmarker.keep_sure, found), strict=True))
        rows: list[Row] = []
        for index, item in enumerate(items):
            if index in errors:
                rows.append(errors[index])
            else:
                rows += self.rows.faces(item, self._converted(sure[index]), loaded[index][0].shape)
        return rows

    def _load(self, item: Item, watch: Stopwatch) -> tuple[np.ndarray, Detections]:
        """Picture and what the detector found. Raises `UserError`."""
        if item.kind == PROBLEM:
            raise UserError(item.at[0])
        try:
            with watch.stage(LOAD):
                image = self._reader.load(item)
            with watch.stage(DETECT):
                return image, self._landmarker.detector(image, item.key)
        except (cv2.error, MemoryError) as error:
            raise UserError(f'{item.name}: is too large for OpenCV or the memory') from error

    def _video(self, item: Item) -> Iterator[tuple[list[Row], int]]:
        from fanet_mmpose.corpus.video import video_rows

        yield from video_rows(item, self.settings, self.rows, self._converted)

    def _converted(self, faces: list[FaceLandmarks]) -> list[FaceLandmarks]:
        if self.settings.applications:
            faces = [face.with_applications(self.settings.applications) for face in faces]
        return [face.convert(self._schema) for face in faces] if self._schema else faces
