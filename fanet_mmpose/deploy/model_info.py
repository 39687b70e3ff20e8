"""What an exported model says of itself, so that a file is all one needs to use it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.crop import PADDING
from fanet_mmpose.geometry.schemas import (
    PointSchema,
    get_schema,
    register_schema,
    schema_from_fields,
    schema_to_fields,
    shipped_schemas,
)

PREFIX = 'fanet.'  # of the keys in the file's metadata
MAX_SIDE = 4096  # px of a crop
MAX_PADDING = 10.0
LICENCE = 'code Apache-2.0; weights learnt from faces that are released for non-commercial research'


class FaceFit(NamedTuple):
    """How the scales of a model's points tell faces from non-faces, fitted for it alone.

    Logistic regressions on the mean log scale of the points (`inference.face_chance`).

    Attributes:
        constant, of_score, of_scale: where BlazeFace's score is known: the constant, the weights of
            the log odds of that score, and of the mean log scale.
        alone_constant, alone_of_scale: where it is not.
    """

    constant: float
    of_score: float
    of_scale: float
    alone_constant: float
    alone_of_scale: float


@dataclass(frozen=True)
class ModelInfo:
    """Metadata of an exported model.

    Attributes:
        name: of the model, e.g. ``fanet_lite_300w``.
        schema: the points that it finds.
        input_size: width and height of the crop, px.
        padding: size of the crop over size of the tight box of the points.
        config: recipe that it was trained with.
        version: of fanet_mmpose, at export.
        precision: ``fp32``, ``fp16`` or ``int8``.
        visibility: ``learnt``, or ``score`` where no such labels were trained on and the output
            repeats the scores, as MMPose does.
        licence: of code and weights.
        face_fit: how its scales tell faces from non-faces; None where it was not fitted.
    """

    name: str
    schema: PointSchema
    input_size: tuple[int, int]
    config: str
    version: str
    precision: str = 'fp32'
    padding: float = PADDING
    visibility: str = 'score'
    licence: str = LICENCE
    face_fit: FaceFit | None = None

    def to_metadata(self) -> dict[str, str]:
        """As strings by prefixed key."""
        fields = {
            **vars(self),
            'schema': self.schema.name,
            'points': schema_to_fields(self.schema),
            'face_fit': self.face_fit and self.face_fit._asdict(),
        }
        return {
            PREFIX + name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
            if value is not None
        }


def info_from_metadata(metadata: Mapping[str, str], path: str) -> ModelInfo:
    """The inverse of `ModelInfo.to_metadata`; `path` is named in messages.

    Raises:
        UserError: a field is missing, out of bounds, or is not what `to_metadata` writes.
    """
    fields = {
        key.removeprefix(PREFIX): text for key, text in metadata.items() if key.startswith(PREFIX)
    }
    try:
        name, width_height = fields.pop('schema'), json.loads(fields.pop('input_size'))
        points = json.loads(fields.pop('points'))
        if name in shipped_schemas():
            schema = get_schema(name)
        else:  # whoever draws or converts what is found asks for it by name
            schema = register_schema(schema_from_fields(points, path))
        width, height = width_height
        fit = FaceFit(**json.loads(fields.pop('face_fit'))) if 'face_fit' in fields else None
        padding = float(fields.pop('padding'))
        size = _checked_side(width), _checked_side(height)
        if not (math.isfinite(padding) and 0 < padding <= MAX_PADDING):
            raise ValueError(f'padding is {padding}')
        return ModelInfo(schema=schema, input_size=size, padding=padding, face_fit=fit, **fields)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UserError(
            f'{path}: is not an export of this package, its metadata is incomplete ({error}): '
            'write it with tools/deployment/export.py'
        ) from error


def _checked_side(side: object) -> int:
    """Width or height of a crop, px. Raises `ValueError` for none that a crop may have."""
    if type(side) is not int or not 1 <= side <= MAX_SIDE:
        raise ValueError(f'input_size has {side}, and a side is a whole number up to {MAX_SIDE}')
    return side
