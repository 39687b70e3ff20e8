"""Files of weak labels, from files of machine points: `make_weak_labels`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import read_json, write_json
from fanet_mmpose.geometry.schemas.conversions import convert
from fanet_mmpose.images import load_image
from fanet_mmpose.labelling.agreement import Agreed
from fanet_mmpose.labelling.correction import Correction, fit_correction
from fanet_mmpose.labelling.two_views import Seen, look_at
from fanet_mmpose.labelling.weak_labels import (
    EYES,
    TEN_OF_68,
    WeakSet,
    is_in_val,
    read_weak_set,
    to_annotation,
    weigh,
    with_people,
)


def make_weak_labels(
    weak: Path, sets: Sequence[str], people: Path, model: str, out: Path
) -> dict[str, Any]:
    """Write `train.json`, `val.json` (faces of held-out persons with people's points alone) and
    `agreement.json`; return the last's content.

    Args:
        weak: folder with `annotations/` and pictures.
        sets: names of annotation files with `machine98`.
        people: folder of a set with 68 points; `weak` has `machine98_NAME_{train,val}.json` for it.
        model: shipped name or exported file, of 68 points.
        out: folder.

    Raises:
        UserError: a file or picture is missing or wrong.
    """
    from fanet_mmpose.weights import find

    network = OnnxModel(model if model.endswith('.onnx') else find(model), threads=1)
    correction = fit_correction(*_both(weak, people, 'train')[:2], EYES)
    machine, truth, pictures = _both(weak, people, 'val')
    unit = correction.eye_distances(machine)
    misses = (correction(machine) - truth) / unit[:, None, None]
    residual = (misses**2).mean((0, 2))
    seen = _look(network, pictures, machine)
    report = dict(
        model=model,
        fitted_on=f'{people.name} train',
        people_val_nme=_errors(truth, machine, seen, correction, residual),
        sets={},
    )
    files: dict[str, dict[str, list]] = {part: dict(images=[], annotations=[]) for part in _PARTS}
    for name in sets:
        faces = read_weak_set(weak / 'annotations' / f'{name}.json')
        paths = [weak / faces.images[face['image_id']]['file_name'] for face in faces.faces]
        agreed = weigh(faces.machine, _look(network, paths, faces.machine), correction, residual)
        report['sets'][name] = _add(files, faces, agreed)
    for part, content in files.items():
        write_json(out / f'{part}.json', dict(content, categories=[dict(id=1, name='face')]))
    write_json(out / 'agreement.json', report, indent=1)
    return report


_PARTS = ('train', 'val')


def _both(weak: Path, people: Path, part: str) -> tuple[np.ndarray, np.ndarray, list[Path]]:
    """Machine's and people's points of the same faces, both [N, 68, 2] px, and their pictures."""
    content = read_json(people / 'annotations' / f'{part}.json')
    drawn = read_json(weak / 'annotations' / f'machine98_{people.name}_{part}.json')
    files = {image['id']: people / image['file_name'] for image in content['images']}
    faces = [face for face in content['annotations'] if str(face['id']) in drawn]
    if not faces:
        raise UserError(f'{weak}: no face of {people.name} {part} has machine points')
    machine = np.array([drawn[str(face['id'])] for face in faces], float).reshape(-1, 98, 2)
    truth = np.array([face['keypoints'] for face in faces], float).reshape(-1, 68, 3)[..., :2]
    paths = [files[face['image_id']] for face in faces]
    return convert(machine, 'wflw98', '300w68'), truth, paths


def _look(network: OnnxModel, paths: Sequence[Path], points: np.ndarray) -> Seen:
    return look_at(network, _pictures(paths, points), EYES)


def _pictures(paths: Sequence[Path], points: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for path, own in zip(paths, points, strict=True):
        yield load_image(path), own


def _errors(
    truth: np.ndarray,
    machine: np.ndarray,
    seen: Seen,
    correction: Correction,
    residual: np.ndarray,
) -> dict[str, float]:
    """NME of 68 points of every kind of label on faces with people's points."""
    agreed = weigh(machine, seen, correction, residual)
    labels = dict(
        machine=machine,
        machine_corrected=correction(machine),
        network=seen.points,
        agreed=agreed.points,
    )
    eyes = np.linalg.norm(truth[:, EYES[1]] - truth[:, EYES[0]], axis=-1)
    return {
        name: float((np.linalg.norm(points - truth, axis=-1).mean(1) / eyes).mean())
        for name, points in labels.items()
    }


def _add(files: dict[str, dict[str, list]], faces: WeakSet, agreed: Agreed) -> dict[str, Any]:
    """Put a set's faces into train and val; what to report of it."""
    usable = agreed.usable
    full = with_people(agreed, faces.faces)
    shift = 1_000_000 * (1 + len({image['id'] // 1_000_000 for image in files['train']['images']}))
    counts = dict.fromkeys(_PARTS, 0)
    for index in np.flatnonzero(usable):
        face = faces.faces[index]
        image = faces.images[face['image_id']]
        by_people = len(face.get('keypoints', ())) == 30
        part = 'val' if by_people and is_in_val(image) else 'train'
        weights = full.weights[index]
        if part == 'val':  # judged by people alone
            weights = weights * np.isin(np.arange(68), list(TEN_OF_68.values()))
        made = to_annotation(face, full.points[index], weights, shift + face['id'])
        files[part]['images'].append(dict(image, id=int(shift + index)))
        files[part]['annotations'].append(dict(made, image_id=int(shift + index), set=faces.name))
        counts[part] += 1
    return dict(
        faces=len(faces.faces),
        **counts,
        left_out=int((~usable).sum()),
        median_apart=float(np.median(agreed.apart[usable])),
        mean_weight=float(full.weights[usable].mean()),
    )
