"""The output of `fanet annotate` as the faces of a results file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.corpus.job_file import read_job
from fanet_mmpose.corpus.part_reader import read_rows
from fanet_mmpose.datasets.annotations import FaceAnnotation
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import iou, tight_box

LEAST_OVERLAP = 0.3  # of the tight boxes of two faces that are the same


def corpus_content(folder: Path, known: Sequence[FaceAnnotation]) -> dict[str, Any]:
    """What a results file of this output would hold.

    An annotated face takes the found face of its picture whose points' tight box overlaps its own
    most, if by `LEAST_OVERLAP`; otherwise it was not found. Pictures are matched by the end of
    their paths.

    Args:
        folder: output of `fanet annotate`.
        known: the annotated faces.

    Raises:
        UserError: the output is damaged, or has none of the pictures.
    """
    job, by_image = read_job(folder), {face.image: [] for face in known}
    seen = False
    for row in read_rows(folder):
        image = _image(row['key'], by_image)
        seen |= image is not None
        if image is not None and row['points'] is not None:
            by_image[image].append(row)
    if not seen:
        raise UserError(f'{folder}: has none of the annotated pictures, such as {known[0].image}')
    faces = [_face(face, by_image[face.image]) for face in known]
    return {'model': job['model'], 'schema': job['point_schema'], 'faces': faces}


def _image(key: str, known: Mapping[str, Any]) -> str | None:
    """The annotated picture that a path ends in."""
    parts = Path(key).parts
    ends = ('/'.join(parts[start:]) for start in range(len(parts)))
    return next((end for end in ends if end in known), None)


def _face(face: FaceAnnotation, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = {'id': face.id, 'image': face.image, 'predicted': None}
    box = tight_box(face.points, face.visibility > 0)
    shares = iou(box, [tight_box(row['points']) for row in found])
    if shares.max(initial=0) < LEAST_OVERLAP:
        return own
    row = found[int(np.argmax(shares))]
    scores = {name: row[name].tolist() for name in ('scores', 'scales')}
    return {**own, **scores, 'predicted': row['points'].tolist()}
