"""Faces found so far, on disk, so that a run that was interrupted goes on where it was."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.labelling.faces import PATCH, FoundFace

_ARRAYS = ('box', 'points', 'scores', 'visibility', 'scales')
_DIGITS = 12  # so that nothing that is rounded later falls on the other side


class FaceMemory:
    """A file with a line for each picture that was looked at.

    Args:
        path: the file; made when the first picture is added.
        mark: what the faces depend on (folder, model, detector); a file of another mark is
            forgotten.
    """

    def __init__(self, path: Path, mark: str) -> None:
        self._path, self._mark = path, mark
        self._found = _read(path, mark)
        if not self._found:
            self.forget()

    def __contains__(self, image: str) -> bool:
        return image in self._found

    def recall(self, image: str) -> list[FoundFace]:
        """The faces of a picture that was added, none included."""
        return [_face(image, fields) for fields in self._found[image]]

    def add(self, image: str, faces: Sequence[FoundFace]) -> None:
        """Write down what a picture shows. Raises `OSError` where the disk is full."""
        is_new = not self._path.exists()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open('a', encoding='utf-8') as file:
            if is_new:
                file.write(json.dumps({'mark': self._mark}))
            # The break comes first: what stands before it may be half a line.
            file.write('\n' + json.dumps({'image': image, 'faces': [*map(_fields, faces)]}))

    def forget(self) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)


def file_version(path: str | Path) -> str:
    """When a file was written, '' where there is none: the same name may be another model."""
    path = Path(path)
    return str(path.stat().st_mtime_ns) if path.is_file() else ''


def _read(path: Path, mark: str) -> dict[str, list[dict[str, Any]]]:
    """Faces by picture; nothing where the file is missing, of another mark, or damaged."""
    try:
        first, *lines = path.read_text(encoding='utf-8').splitlines()
        if json.loads(first) != {'mark': mark}:
            return {}
    except (OSError, ValueError):
        return {}
    found = {}
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:  # the line that was being written when the run stopped
            continue
        found[entry['image']] = entry['faces']
    return found


def _fields(face: FoundFace) -> dict[str, Any]:
    patch = b64encode(face.patch.tobytes()).decode('ascii')
    return {**face.found.to_dict(_DIGITS), 'patch': patch}


def _face(image: str, fields: dict[str, Any]) -> FoundFace:
    fields = dict(fields)
    patch = np.frombuffer(b64decode(fields.pop('patch')), np.uint8).reshape(PATCH, PATCH)
    arrays = {name: np.array(fields.pop(name), float) for name in _ARRAYS}
    return FoundFace(image, FaceLandmarks(**fields, **arrays), patch)
