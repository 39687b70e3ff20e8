"""Does it matter which faces are labelled? Sets of one size by different rules, with the truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.schemas import SharedPoints
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.descriptors import describe
from fanet_mmpose.labelling.faces import FoundFace
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.prefill import guess_points, uncertainty_of
from fanet_mmpose.labelling.survey import choose_faces, survey_folder


def write_choices(
    options: ProposeOptions,
    landmarker: FaceLandmarker,
    truth: Path,
    rules: Sequence[str],
    seeds: Sequence[int],
) -> dict[str, Any]:
    """Write ``<rule>_<seed>.json`` below ``options.out``: annotations of the chosen faces alone.

    Args:
        options: folder, schema, how many; `val` is not drawn, `rule` and `seed` are varied.
        landmarker: guesses points and how sure it is.
        truth: COCO-style annotations with one's own points (`rehearsal.convert_truth`).
        rules: of `choose.RULES`.
        seeds: a set for each rule and seed.

    Returns:
        What can be said without a training: of each set the mean uncertainty and how far a face is
        from the nearest chosen one, over all; and whether the model knows where it is wrong.
    """
    _, shared = options.target(landmarker.info.schema)
    content = json.loads(truth.read_text(encoding='utf-8'))
    by_name = {Path(image['file_name']).name: image['id'] for image in content['images']}
    faces = [
        face
        for face in survey_folder(options, landmarker).faces.main
        if Path(face.image).name in by_name
    ]
    descriptors, rows = describe(faces), []
    for rule in rules:
        for seed in seeds:
            varied = replace(options, rule=rule, seed=seed, val=0)
            proposal = choose_faces(faces, shared, varied)
            wanted = {by_name[Path(faces[i].image).name] for i in proposal.train}
            write_json(options.out / f'{rule}_{seed}.json', _only(content, wanted))
            away = cdist(descriptors, descriptors[proposal.train]).min(axis=1).mean()
            unsure = 100 * float(proposal.uncertainty[proposal.train].mean())
            rows.append(dict(rule=rule, seed=seed, uncertainty_percent=round(unsure, 3),
                             distance=round(float(away), 4)))  # fmt: skip
    return {'faces': len(faces), **_honesty(faces, truth, shared), 'sets': rows}


def _only(content: dict[str, Any], images: set[int]) -> dict[str, Any]:
    return {
        **content,
        'images': [image for image in content['images'] if image['id'] in images],
        'annotations': [a for a in content['annotations'] if a['image_id'] in images],
    }


def _honesty(faces: Sequence[FoundFace], truth: Path, shared: SharedPoints) -> dict[str, float]:
    """Error of the guesses, % of the face, and its rank correlation with the stated one."""
    known = {Path(face.image).name: face.points for face in load_annotations(truth).values()}
    errors = [
        np.nanmean(
            np.linalg.norm(guess_points(face, shared) - known[Path(face.image).name], axis=1)
        )
        / face.side
        for face in faces
    ]
    stated = [uncertainty_of(face, shared) for face in faces]
    return dict(
        guess_error_percent=round(100 * float(np.mean(errors)), 3),
        rank_correlation=round(float(spearmanr(stated, errors).statistic), 3),
    )
