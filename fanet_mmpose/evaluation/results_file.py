"""The results file: predictions and how they were made, in one documented JSON format.

Other tools may write it too; docs/results_format.md is its contract.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.annotations import (
    FaceAnnotation,
    load_annotations,
    stack_attributes,
    stack_box_sizes,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.evaluation.results import VISIBLE, Results
from fanet_mmpose.geometry.schemas import (
    PointSchema,
    get_schema,
    known_schemas,
    schema_from_fields,
    schema_to_fields,
)

FORMAT = 'fanet_mmpose.results'
VERSION = 1
DECIMALS = 4
_PER_POINT = ('scores', 'scales', 'visible_scores')
_BOXES = {'box': 'boxes', 'norm_box': 'norm_boxes'}


def save_results(
    results: Results, path: str | Path, summary: Mapping[str, Any] | None = None
) -> None:
    """Write predictions, truth and, for readers' convenience, the summary; all or nothing."""
    path = Path(path)
    schema = results.schema
    content = {
        'format': FORMAT,
        'version': VERSION,
        'model': results.model,
        'dataset': results.dataset,
        'schema': schema.name if schema.name in known_schemas() else schema_to_fields(schema),
        'protocol': results.protocol.to_dict(),
        'faces': [_face_to_json(results, i) for i in range(results.num_faces)],
        'summary': _plain(summary or {}),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + '.partial')
    partial.write_text(json.dumps(content, allow_nan=False), encoding='utf-8')
    os.replace(partial, path)


def _face_to_json(results: Results, index: int) -> dict[str, Any]:
    face = {
        'id': results.ids[index],
        'image': results.images[index],
        'predicted': None if results.missed[index] else _numbers(results.predicted[index]),
        'truth': _numbers(results.truth[index]),
        'visibility': results.visibility[index].astype(int).tolist(),
        'attributes': {
            name: values[index]
            for name, values in results.attributes.items()
            if values[index] is not None
        },
    }
    arrays = {name: getattr(results, name) for name in _PER_POINT}
    arrays |= {name: getattr(results, field) for name, field in _BOXES.items()}
    arrays['box_size'] = results.box_sizes
    stored = {name: array[index] for name, array in arrays.items() if array is not None}
    return face | {
        name: _numbers(value) for name, value in stored.items() if np.isfinite(value).all()
    }


def _numbers(values: np.ndarray) -> Any:
    # + 0.0 turns -0.0 into 0.0.
    return (np.round(np.asarray(values, float), DECIMALS) + 0.0).tolist()


def _plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: null stands for both."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def load_results(path: str | Path, annotations: str | Path | None = None) -> Results:
    """Read a results file.

    Args:
        path: the file.
        annotations: COCO-style file that brings truth, visibility and attributes; needed only
            where the results file has no ``truth``. Faces are found by ``id``, or by ``image``
            where they have none. An annotated face that the results file leaves out was not
            found, so nobody scores better by leaving out the hard ones.

    Raises:
        UserError: a file is missing, malformed, or does not fit the other; the message names
            the face and the field.
    """
    content = _read_json(Path(path))
    schema = _read_schema(content.get('schema'), path)
    faces = _read_faces(content.get('faces'), path)
    if annotations is None:
        truth = [_own_truth(face, schema, f'{path}: faces[{i}]') for i, face in enumerate(faces)]
    else:
        truth = list(load_annotations(annotations).values())
        faces = _align(faces, truth, path)
    points = (schema.num_points,)
    return Results(
        model=str(content.get('model', Path(path).stem)),
        dataset=str(content.get('dataset', 'dataset')),
        schema=schema,
        protocol=_read_protocol(content.get('protocol'), path),
        ids=[face.id for face in truth],
        images=[face.image for face in truth],
        predicted=_read_field(faces, 'predicted', (*points, 2), path),
        truth=_stack_truth([face.points for face in truth], schema, annotations or path),
        visibility=np.stack([face.visibility for face in truth]),
        **{name: _read_field(faces, name, points, path) for name in _PER_POINT},
        **{field: _read_field(faces, name, (4,), path) for name, field in _BOXES.items()},
        box_sizes=stack_box_sizes(truth),
        attributes=stack_attributes(truth),
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UserError(f'{path}: cannot read this results file: {error}') from None
    if not isinstance(content, dict) or content.get('format') != FORMAT:
        raise UserError(f'{path}: not a results file ("format" must be "{FORMAT}")')
    if content.get('version') != VERSION:
        raise UserError(
            f'{path}: version {content.get("version")} is not known; this reads {VERSION}'
        )
    return content


def _read_schema(value: Any, path: str | Path) -> PointSchema:
    if isinstance(value, str):
        return get_schema(value)
    if isinstance(value, dict):
        return schema_from_fields(value, f'{path}: schema')
    raise UserError(f'{path}: "schema" must be a name or a mapping with "name" and "points"')


def _read_protocol(value: Any, path: str | Path) -> Protocol:
    if value is not None and not isinstance(value, dict):
        raise UserError(f'{path}: "protocol" must be a mapping')
    try:
        return Protocol.from_dict(value or {})
    except UserError as error:
        raise UserError(f'{path}: {error}') from None


def _read_faces(value: Any, path: str | Path) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(f, dict) for f in value):
        raise UserError(f'{path}: "faces" must be a list of faces with at least one entry')
    lacking = [i for i, face in enumerate(value) if 'predicted' not in face]
    if lacking:
        raise UserError(f'{path}: faces[{lacking[0]}] has no "predicted" (null: not found)')
    return value


def _stack_truth(points: Sequence[np.ndarray], schema: PointSchema, path: str | Path) -> np.ndarray:
    strange = [len(face) for face in points if len(face) != schema.num_points]
    if strange:
        raise UserError(
            f'{path}: a face has {strange[0]} points, but schema {schema.name} has '
            f'{schema.num_points}'
        )
    return np.stack(points)


def _own_truth(face: Mapping[str, Any], schema: PointSchema, where: str) -> FaceAnnotation:
    if face.get('truth') is None:
        raise UserError(f'{where} has no "truth"; give the annotations (--annotations) to add it')
    points = _to_array(face['truth'], (schema.num_points, 2), f'{where}.truth')
    flags = face.get('visibility', [VISIBLE] * schema.num_points)
    attributes = face.get('attributes') or {}
    if not isinstance(attributes, dict):
        raise UserError(f'{where}.attributes must be a mapping')
    return FaceAnnotation(
        id=face.get('id', where),
        image=str(face.get('image', '')),
        points=points,
        visibility=_to_array(flags, (schema.num_points,), f'{where}.visibility').astype(int),
        fields=face,
        attributes=attributes,
    )


def _align(
    faces: Sequence[Mapping[str, Any]], known: Sequence[FaceAnnotation], path: str | Path
) -> list[Mapping[str, Any]]:
    """The file's face for each annotation; a face that the file leaves out was not found."""
    by_id = {face.id: i for i, face in enumerate(known)}
    by_image: dict[str, list[int]] = {}
    for i, face in enumerate(known):
        by_image.setdefault(face.image, []).append(i)
    aligned: list[Mapping[str, Any]] = [{'predicted': None}] * len(known)
    for index, face in enumerate(faces):
        places = by_image.get(str(face.get('image')), [])
        if face.get('id') in by_id:
            places = [by_id[face['id']]]
        if len(places) != 1:
            raise UserError(
                f'{path}: faces[{index}] (id {face.get("id")}, image {face.get("image")}) fits '
                f"{len(places)} annotations; state the annotation's id"
            )
        aligned[places[0]] = face
    return aligned


def _read_field(
    faces: Sequence[Mapping[str, Any]], name: str, shape: tuple[int, ...], path: str | Path
) -> np.ndarray | None:
    """[N, *shape] of one field; NaN where a face has null; None if no face has the field."""
    values = [face.get(name) for face in faces]
    if name != 'predicted' and all(value is None for value in values):
        return None
    return np.stack(
        [
            np.full(shape, np.nan)
            if value is None
            else _to_array(value, shape, f'{path}: faces[{i}].{name}')
            for i, value in enumerate(values)
        ]
    )


def _to_array(value: Any, shape: tuple[int, ...], where: str) -> np.ndarray:
    try:
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        raise UserError(f'{where} must hold numbers only') from None
    if array.shape != shape:
        raise UserError(f'{where} has shape {list(array.shape)}, expected {list(shape)}')
    if not np.isfinite(array).all():
        raise UserError(f'{where} holds NaN or infinity; a face not found is null')
    return array
