"""Boxes without a search: another program's or an earlier run's, or the whole picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import read_json
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.picture_lookup import find_entry


@register_detector('precomputed')
class Precomputed:
    """Looks boxes up by the image's path: the whole of the shorter of both paths is the end of the
    longer. A picture that was moved gets the boxes of the one entry that has its name and its
    folder's name; two such pictures never share an entry.

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
            images = read_json(path, 'file of boxes')['images']
            self._found: dict[str, Detections] = {}
            self._guessed: dict[str, str] = {}  # picture by entry, where the paths part further up
            for entry in images:
                image = str(entry['image'])
                if image in self._found:
                    raise UserError(f'{path}: has two entries for {image}; keep one')
                self._found[image] = _detections(entry['faces'])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f'{path}: is not a file of boxes ({error}); docs/use.md shows the form'
            ) from error

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """The boxes of the picture called `name`. Raises `UserError` for none, or several."""
        try:
            entry = find_entry(self._found, name)
        except ValueError as error:
            raise UserError(f'{self.path}: {error}: give more of its folders') from None
        if entry is None:
            alike = [e for e in self._found if name and Path(e).name == Path(name).name]
            near = [e for e in alike if Path(e).parent.name == Path(name).parent.name]
            if len(near) != 1:
                hint = f'; {" and ".join(alike[:2])}: its last name only' if alike else ''
                raise UserError(
                    f'{self.path}: has no entry for {name or "a picture without name"}{hint}'
                )
            entry = near[0]
            asked = self._guessed.setdefault(entry, name)
            if asked != name:
                raise UserError(
                    f'{self.path}: its entry {entry} may be of {asked} or of {name}: write the '
                    'boxes anew for these pictures'
                )
        return self._found[entry]


@register_detector('whole_image')
class WholeImage:
    """One face as large as the picture, like MMPose's `det_model='whole_image'`."""

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        height, width = image.shape[:2]
        return Detections([[0, 0, width, height]], [1])


def _detections(faces: list[dict]) -> Detections:
    return Detections(
        [face['box'] for face in faces],
        [float(face.get('score', 1)) for face in faces],
        [float(face.get('roll', 'nan')) for face in faces],
    )
