"""From an uploaded picture and the choices on the page to what the page shows."""

from __future__ import annotations

import base64
import contextlib
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from fanet_mmpose import weights
from fanet_mmpose.applications.measured import APPLICATIONS
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.backend import DEFAULT_MODEL, load_backend
from fanet_mmpose.inference.detectors import build_detector, known_detectors
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tables import to_json
from fanet_mmpose.serve.limits import Limits
from fanet_mmpose.serve.overlay import draw_svg
from fanet_mmpose.serve.panel import CROP, crop_urls, draw_panel, read_shows
from fanet_mmpose.serve.pictures import decode

AS_LEARNT = 'as the model has them'
SCHEMAS = (AS_LEARNT, '68', '51', '5')


@dataclass(frozen=True)
class Choices:
    """What a visitor chose.

    Attributes:
        model: of `Finder.models`; empty: the first of them.
        detector: of `Finder.detectors`.
        schema: of `SCHEMAS`.
        name: of the picture, for the answer.
        close_up: show the region of the faces alone.
        show: what to show besides, see `read_shows`.
    """

    model: str = ''
    detector: str = 'blazeface_all'
    schema: str = AS_LEARNT
    name: str = 'picture'
    close_up: bool = False
    show: str = ''


class Finder:
    """Loads a model when it is first picked; finds for one visitor after the other.

    Args:
        models: names of shipped weights or ``.onnx`` files that may be picked; the first is the
            page's default. None: those that are here.
        limits: of pictures.

    Raises:
        UserError: there is no such model.
    """

    def __init__(self, models: tuple[str, ...] | None = None, limits: Limits | None = None) -> None:
        # The page begins with what the library begins with.
        shipped = sorted(weights.available(), key=lambda name: name != DEFAULT_MODEL)
        self.models = models or tuple(shipped)
        for model in self.models:
            load_backend(model)  # what cannot be loaded is told at the start, not to a visitor
        self.detectors = tuple(_usable_detectors())
        self.limits = limits or Limits()
        self._lock = Lock()  # OpenCV's cascades keep state between calls
        self._load = lru_cache(maxsize=4)(FaceLandmarker)

    def __call__(self, encoded: bytes, choices: Choices) -> dict[str, Any]:
        """``sentence`` for the reader, ``html`` to show, ``landmarks`` as `fanet detect` has them.

        With ``crop`` in `show` also ``crops``: a ``data:`` of a PNG for each face.

        Raises:
            UserError: too large or no picture, or something that cannot be picked.
        """
        model = choices.model or self.models[0]
        self._check(replace(choices, model=model))
        shows = read_shows(choices.show)
        image = decode(encoded, self.limits)
        with self._lock:
            faces = self._load(model, choices.detector)(image)
        crops = crop_urls(image, faces) if CROP in shows else []
        faces = _prepare(faces, shows, choices.schema)
        found = to_json({choices.name: faces})
        count = f'{len(faces)} face{"" if len(faces) == 1 else "s"} found'
        shown = draw_svg(image, faces, choices.close_up)
        shown += draw_panel(faces, shows, crops, choices.name) + _download_link(found, choices.name)
        answer = {'sentence': f'{count} in {choices.name}.', 'html': shown, 'landmarks': found}
        return {**answer, 'crops': crops} if CROP in shows else answer

    def _check(self, choices: Choices) -> None:
        for picked, there in (
            (choices.model, self.models),
            (choices.detector, self.detectors),
            (choices.schema, SCHEMAS),
        ):
            if picked not in there:
                raise UserError(f'{picked!r} cannot be picked here; one of {", ".join(there)}')


def _usable_detectors() -> Iterator[str]:
    """Those that run here without a file: a visitor must not name files of the server."""
    for name in known_detectors():
        with contextlib.suppress(UserError):
            build_detector(name)
            yield name


def _prepare(
    faces: list[FaceLandmarks], shows: tuple[str, ...], schema: str
) -> list[FaceLandmarks]:
    """Measured on the model's own points, then converted."""
    applications = [name for name in shows if name in APPLICATIONS]
    if applications:
        faces = [face.with_applications(applications) for face in faces]
    return faces if schema == AS_LEARNT else [face.convert(schema) for face in faces]


def _download_link(found: dict[str, Any], name: str) -> str:
    """The JSON inside the link itself, so that the server keeps no file for it."""
    encoded = base64.b64encode(json.dumps(found).encode()).decode()
    file = html.escape(Path(name).stem, quote=True)
    return (
        f'<a download="{file}.json" href="data:application/json;base64,{encoded}">Download JSON</a>'
    )
