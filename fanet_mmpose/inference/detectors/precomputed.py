"""Boxes from a file: another program's, or those of an earlier run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.detector import Detections, register_detector


@register_detector('precomputed')
class Precomputed:
    """Looks boxes up by the image's path, else by its file name.

    Args:
        path: JSON as `fanet detect` writes it:
            ``{"images": [{"image": "a.jpg", "faces": [{"box": [x1, y1, x2, y2], "score": 1}]}]}``;
            ``score`` may be left out, and so may ``roll``, by which the box is turned about its
            middle, degrees; other fields are ignored.

    Raises:
        UserError: no file given, it is missing, or it is not of this form.
    """

    def __init__(self, path: str = '') -> None:
        if not path:
            raise UserError('detector precomputed needs a file: precomputed:boxes.json')
        self.path = path
        try:
            images = json.loads(Path(path).read_text(encoding='utf-8'))['images']
            self._found = {str(entry['image']): _detections(entry['faces']) for entry in images}
        except OSError as error:
            raise UserError(f'{path}: cannot be read ({error.strerror})') from error
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f'{path}: is not a file of boxes ({error}); docs/use.md shows the form'
            ) from error
        self._by_name = {Path(image).name: found for image, found in self._found.items()}

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """The boxes of the picture called `name`. Raises `UserError` if the file has none."""
        found = self._found.get(name, self._by_name.get(Path(name).name))
        if found is None:
            raise UserError(f'{self.path}: has no entry for {name or "a picture without name"}')
        return found


def _detections(faces: list[dict]) -> Detections:
    return Detections(
        [face['box'] for face in faces],
        [float(face.get('score', 1)) for face in faces],
        [float(face.get('roll', 'nan')) for face in faces],
    )
