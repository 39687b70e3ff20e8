"""The pieces of a results file, each checked; messages name the face and the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.annotations import FaceAnnotation
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.evaluation.results import VISIBLE
from fanet_mmpose.geometry.schemas import PointSchema, get_schema, schema_from_fields


def read_schema(value: Any, path: str | Path) -> PointSchema:
    """The schema by name or by its fields."""
    if isinstance(value, str):
        return get_schema(value)
    if isinstance(value, dict):
        return schema_from_fields(value, f'{path}: schema')
    raise UserError(f'{path}: "schema" must be a name or a mapping with "name" and "points"')


def read_protocol(value: Any, path: str | Path) -> Protocol:
    """The protocol; "not stated" throughout where the file has none."""
    if value is not None and not isinstance(value, dict):
        raise UserError(f'{path}: "protocol" must be a mapping')
    try:
        return Protocol.from_dict(value or {})
    except UserError as error:
        raise UserError(f'{path}: {error}') from None


def read_faces(value: Any, path: str | Path) -> list[Mapping[str, Any]]:
    """The list of faces, each a mapping that says what was predicted."""
    if not isinstance(value, list) or not value or not all(isinstance(f, dict) for f in value):
        raise UserError(f'{path}: "faces" must be a list of faces with at least one entry')
    for index, face in enumerate(value):
        if not isinstance(face.get('id', 0), (int, str)):
            raise UserError(f'{path}: faces[{index}].id must be a number or a text')
    lacking = [i for i, face in enumerate(value) if 'predicted' not in face]
    if lacking:
        raise UserError(f'{path}: faces[{lacking[0]}] has no "predicted" (null: not found)')
    return value


def stack_truth(points: Sequence[np.ndarray], schema: PointSchema, path: str | Path) -> np.ndarray:
    """[N, K, 2] of the points of all faces."""
    strange = [len(face) for face in points if len(face) != schema.num_points]
    if strange:
        raise UserError(
            f'{path}: a face has {strange[0]} points, but schema {schema.name} has '
            f'{schema.num_points}'
        )
    return np.stack(points)


def read_truth(face: Mapping[str, Any], schema: PointSchema, where: str) -> FaceAnnotation:
    """Truth, visibility and attributes that a face of the file brings itself."""
    if face.get('truth') is None:
        raise UserError(f'{where} has no "truth"; give the annotations (--annotations) to add it')
    points = to_array(face['truth'], (schema.num_points, 2), f'{where}.truth')
    flags = face.get('visibility', [VISIBLE] * schema.num_points)
    attributes = face.get('attributes') or {}
    plain = (str, int, float, type(None))
    if not isinstance(attributes, dict) or not all(
        isinstance(value, plain) for value in attributes.values()
    ):
        raise UserError(f'{where}.attributes must map names to texts or numbers')
    return FaceAnnotation(
        id=face.get('id', where),
        image=str(face.get('image', '')),
        points=points,
        visibility=to_array(flags, (schema.num_points,), f'{where}.visibility').astype(int),
        fields=face,
        attributes=attributes,
    )


def align_faces(
    faces: Sequence[Mapping[str, Any]], known: Sequence[FaceAnnotation], path: str | Path
) -> list[Mapping[str, Any]]:
    """The file's face for each annotation; a face that the file leaves out was not found."""
    by_id = {str(face.id): i for i, face in enumerate(known)}
    by_image: dict[str, list[int]] = {}
    for i, face in enumerate(known):
        by_image.setdefault(face.image, []).append(i)
    found: dict[int, Mapping[str, Any]] = {}
    for index, face in enumerate(faces):
        places = by_image.get(str(face.get('image')), [])
        if str(face.get('id')) in by_id:
            places = [by_id[str(face['id'])]]
        named = f'{path}: faces[{index}] (id {face.get("id")}, image {face.get("image")})'
        if len(places) != 1:
            raise UserError(f"{named} fits {len(places)} annotations; state the annotation's id")
        if places[0] in found:
            raise UserError(f'{named} is the second prediction for one annotation; keep one')
        found[places[0]] = face
    return [found.get(i, {'predicted': None}) for i in range(len(known))]


def read_field(
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
            else to_array(value, shape, f'{path}: faces[{i}].{name}')
            for i, value in enumerate(values)
        ]
    )


def to_array(value: Any, shape: tuple[int, ...], where: str) -> np.ndarray:
    """Finite numbers of the given shape."""
    try:
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        raise UserError(f'{where} must hold numbers only') from None
    if array.shape != shape:
        raise UserError(f'{where} has shape {list(array.shape)}, expected {list(shape)}')
    if not np.isfinite(array).all():
        raise UserError(f'{where} holds NaN or infinity; a face not found is null')
    return array
