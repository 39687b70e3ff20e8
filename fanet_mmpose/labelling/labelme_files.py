"""Draft labels as LabelMe has them: a JSON file beside each picture.

Read back by `datasets.converters.custom_labelme`. LabelMe's origin is the corner of the first
pixel, half a pixel from its centre.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from fanet_mmpose.files import write_json, write_text
from fanet_mmpose.labelling.prefill import DraftLabel

VERSION = '5.5.0'  # of LabelMe, whose fields these are
ORIGIN = 0.5  # what LabelMe calls the centre of the first pixel
BOX_LABEL = 'face'
NAMES = 'labels.txt'  # beside the folder: `labelme --labels labels.txt` offers these alone


def write_labelme(folder: Path, drafts: Iterable[DraftLabel], names: Sequence[str]) -> None:
    """``folder/<image>.json`` for each, with points labelled by `names` and the face's box.

    The labels are listed in `NAMES` beside `folder`.
    """
    write_text(folder.parent / NAMES, '\n'.join([*names, BOX_LABEL, '']))
    for draft in drafts:
        path = (folder / draft.image).with_suffix('.json')
        write_json(path, labelme_content(draft, names), indent=1)


def labelme_content(draft: DraftLabel, names: Sequence[str]) -> dict[str, Any]:
    """The file's content; points that are not known are left out."""
    known = np.isfinite(draft.points).all(axis=1)
    shapes = [
        _shape(name, 'point', [point])
        for name, point, is_known in zip(names, draft.points, known, strict=True)
        if is_known
    ]
    shapes.append(_shape(BOX_LABEL, 'rectangle', [draft.box[:2], draft.box[2:]]))
    return {
        'version': VERSION,
        'flags': {},
        'shapes': shapes,
        'imagePath': PurePosixPath(draft.image).name,
        'imageData': None,
        'imageHeight': draft.height,
        'imageWidth': draft.width,
    }


def _shape(label: str, kind: str, points: Sequence[np.ndarray]) -> dict[str, Any]:
    return {
        'label': label,
        'points': [np.round(point + ORIGIN, 3).tolist() for point in points],
        'group_id': 1,
        'description': '',
        'shape_type': kind,
        'flags': {},
    }
