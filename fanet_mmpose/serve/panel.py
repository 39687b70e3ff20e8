"""Below the picture, where it was asked for: numbers of each face, and its aligned crop."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.applications.measured import APPLICATIONS
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import SEEN, FaceLandmarks

VISIBILITY, CROP = 'visibility', 'crop'
SHOWS = (*APPLICATIONS, VISIBILITY, CROP)


def read_shows(text: str) -> tuple[str, ...]:
    """Names of `SHOWS` in a list with commas. Raises `UserError` for an unknown one."""
    names = tuple(name.strip() for name in text.split(',') if name.strip())
    for name in names:
        if name not in SHOWS:
            raise UserError(f'{name!r} cannot be picked here; one or more of {", ".join(SHOWS)}')
    return names


def crop_urls(image: np.ndarray, faces: Sequence[FaceLandmarks]) -> list[str]:
    """The aligned crop of each face of a picture [H, W, 3], blue first, as ``data:`` of a PNG.

    Raises:
        UserError: see `FaceLandmarks.align`.
    """
    crops = (face.align().crop(image) for face in faces)
    encoded = (cv2.imencode('.png', crop)[1].tobytes() for crop in crops)
    return ['data:image/png;base64,' + base64.b64encode(png).decode() for png in encoded]


def draw_panel(
    faces: Sequence[FaceLandmarks], shows: Sequence[str], crops: Sequence[str], name: str
) -> str:
    """A list of the faces; empty where nothing was asked for.

    Args:
        faces: with `measured`, where that was asked for.
        shows: see `read_shows`.
        crops: see `crop_urls`; none where they were not asked for.
        name: of the picture, for the names of the crops' files.
    """
    if not shows:
        return ''
    items = []
    for number, face in enumerate(faces):
        texts = face.measured.texts() if face.measured else []
        if VISIBILITY in shows:
            texts.append(_hidden(face))
        crop = _crop(crops[number], f'{Path(name).stem}_{number}.png') if crops else ''
        items.append(f'<li>{html.escape("; ".join(texts))}{crop}</li>')
    return f'<ol class="faces" start="0">{"".join(items)}</ol>'


def _hidden(face: FaceLandmarks) -> str:
    hidden = np.flatnonzero(face.visibility < SEEN).tolist()
    which = f': {", ".join(map(str, hidden))}' if hidden else ''
    return f'probably hidden {len(hidden)} of {len(face.points)} points{which}'


def _crop(url: str, file: str) -> str:
    file = html.escape(file, quote=True)
    return f'<a download="{file}" href="{url}"><img alt="aligned crop" src="{url}"></a>'
