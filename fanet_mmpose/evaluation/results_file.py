"""The results file: predictions and how they were made, in one documented JSON format.

Other tools may write it too; docs/results_format.md is its contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.corpus.job_file import is_corpus
from fanet_mmpose.datasets.annotations import (
    load_annotations,
    stack_attributes,
    stack_box_sizes,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.corpus_faces import corpus_content
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.results_fields import (
    align_faces,
    read_faces,
    read_field,
    read_protocol,
    read_schema,
    read_truth,
    stack_truth,
)
from fanet_mmpose.files import read_json, write_json
from fanet_mmpose.geometry.schemas import schema_to_fields, shipped_schemas

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
        'schema': schema.name if schema.name in shipped_schemas() else schema_to_fields(schema),
        'protocol': results.protocol.to_dict(),
        'faces': [_face_to_json(results, i) for i in range(results.num_faces)],
        'summary': _plain(summary or {}),
    }
    write_json(path, content)


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
        path: the file, or an output folder of `fanet annotate`.
        annotations: COCO-style file that brings truth, visibility and attributes; needed only
            where the results file has no ``truth``. Faces are found by ``id``, or by ``image``
            where they have none. An annotated face that the results file leaves out was not
            found, so nobody scores better by leaving out the hard ones.

    Raises:
        UserError: a file is missing, malformed, or does not fit the other; the message names
            the face and the field.
    """
    content = _read_content(Path(path), annotations)
    schema = read_schema(content.get('schema'), path)
    faces = read_faces(content.get('faces'), path)
    if annotations is None:
        truth = [read_truth(face, schema, f'{path}: faces[{i}]') for i, face in enumerate(faces)]
        box_sizes = read_field(faces, 'box_size', (), path)
    else:
        truth = list(load_annotations(annotations).values())
        box_sizes = stack_box_sizes(truth)
        faces = align_faces(faces, truth, path)
    points = (schema.num_points,)
    return Results(
        model=str(content.get('model', Path(path).stem)),
        dataset=str(content.get('dataset', 'dataset')),
        schema=schema,
        protocol=read_protocol(content.get('protocol'), path),
        ids=[face.id for face in truth],
        images=[face.image for face in truth],
        predicted=read_field(faces, 'predicted', (*points, 2), path),
        truth=stack_truth([face.points for face in truth], schema, annotations or path),
        visibility=np.stack([face.visibility for face in truth]),
        **{name: read_field(faces, name, points, path) for name in _PER_POINT},
        **{field: read_field(faces, name, (4,), path) for name, field in _BOXES.items()},
        box_sizes=box_sizes,
        attributes=stack_attributes(truth),
    )


def _read_content(path: Path, annotations: str | Path | None) -> dict[str, Any]:
    """Of a results file, or of an output folder of `fanet annotate`."""
    if not is_corpus(path):
        return _read_json(path)
    if annotations is None:
        raise UserError(f'{path}: has no truth, give the annotations (--annotations)')
    return corpus_content(path, list(load_annotations(annotations).values()))


def _read_json(path: Path) -> dict[str, Any]:
    content = read_json(path, 'results file')
    if not isinstance(content, dict) or content.get('format') != FORMAT:
        raise UserError(
            f'{path}: not a results file ("format" must be "{FORMAT}"); of points found by us '
            'give the output folder of `fanet annotate`'
        )
    if content.get('version') != VERSION:
        raise UserError(
            f'{path}: version {content.get("version")} is not known; this reads {VERSION}'
        )
    return content
