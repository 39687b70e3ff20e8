"""What the labelling helper is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema, SharedPoints, find_schema, shared_points
from fanet_mmpose.labelling.choose import RULES

FORMATS = ('labelme', 'cvat')


@dataclass(frozen=True)
class ProposeOptions:
    """See ``tools/misc/propose_labels.py --help``.

    Attributes:
        folder: the pictures, at any depth.
        out: folder to make.
        num: faces to label, those for validation included.
        val: how many of them are for validation: drawn at random, for what was chosen is not
            like the rest.
        schema: YAML file or name of one's own points; None: the model's.
        layout: one of `FORMATS`.
        guess: whether to fill points in; without, the files hold the face's box only.
        min_side: px; smaller pictures and faces are left out.
        rule: one of `choose.RULES`.
        seed: of every choice.
        after: the outputs of earlier rounds; what they chose is left out.
    """

    folder: Path
    out: Path
    num: int = 50
    val: int = 10
    schema: str | None = None
    layout: str = 'labelme'
    guess: bool = True
    min_side: int = 24
    rule: str = 'spread'
    seed: int = 0
    after: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name, value, known in (('format', self.layout, FORMATS), ('rule', self.rule, RULES)):
            if value not in known:
                raise UserError(f'--{name} {value} is unknown; one of {", ".join(known)}')
        if self.num < 1 or not 0 <= self.val < self.num:
            raise UserError(
                f'--num {self.num} --val {self.val}: num is the number of faces to label and val '
                'how many of them are for validation: num must be positive and val smaller'
            )
        if self.min_side < 1:
            raise UserError(f'--min-side {self.min_side}: it must be positive')

    def target(self, model: PointSchema) -> tuple[PointSchema, SharedPoints]:
        """One's own points, and what the model is to fill in of them.

        Raises:
            UserError: the schema is wrong, or has nothing in common with the model's.
        """
        schema = find_schema(self.schema) if self.schema else model
        if not self.guess:
            return schema, SharedPoints(np.zeros((schema.num_points, model.num_points)))
        try:
            return schema, shared_points(model, schema)
        except UserError as error:
            raise UserError(f'{error}; or add --no-points to get the boxes only') from None
