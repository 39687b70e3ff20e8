"""Predictions and truth of a set of faces, in memory: what every table and figure is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.protocol import Protocol
from fanet_mmpose.geometry.nme import normalization_factors, point_errors
from fanet_mmpose.geometry.schemas import PointSchema

ABSENT, OCCLUDED, VISIBLE = 0, 1, 2


@dataclass(frozen=True)
class Results:
    """N faces of K points; all lengths and coordinates in px of the original images.

    Attributes:
        model: name for tables and legends.
        dataset: data and split.
        schema: the point set of truth and prediction.
        protocol: how the predictions were made.
        ids: N identifiers, unique together with `images`.
        images: N image paths as the annotations state them.
        predicted: [N, K, 2]; a face that was not found is a row of NaN.
        truth: [N, K, 2].
        visibility: [N, K] COCO's flags: 0 no label, 1 occluded, 2 visible. Where nothing is
            known about occlusion, labelled points all carry the same flag.
        scores: [N, K] confidence in (0, 1], or None.
        scales: [N, K] predicted Laplace scale of a coordinate's error, or None.
        visible_scores: [N, K] predicted probability of being visible, or None.
        boxes: [N, 4] x, y, w, h of the face box before padding, or None.
        norm_boxes: [N, 4] annotated x, y, w, h that box normalisers use; None: the tight box of
            the labelled points.
        box_sizes: [N] the annotation's own ``box_size``, or None.
        attributes: name to N values (text, number, bool or None).
    """

    model: str
    dataset: str
    schema: PointSchema
    protocol: Protocol
    ids: Sequence[int | str]
    images: Sequence[str]
    predicted: np.ndarray
    truth: np.ndarray
    visibility: np.ndarray
    scores: np.ndarray | None = None
    scales: np.ndarray | None = None
    visible_scores: np.ndarray | None = None
    boxes: np.ndarray | None = None
    norm_boxes: np.ndarray | None = None
    box_sizes: np.ndarray | None = None
    attributes: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count, points = len(self.ids), self.schema.num_points
        shapes = {
            'predicted': (count, points, 2),
            'truth': (count, points, 2),
            'visibility': (count, points),
            'scores': (count, points),
            'scales': (count, points),
            'visible_scores': (count, points),
            'boxes': (count, 4),
            'norm_boxes': (count, 4),
            'box_sizes': (count,),
        }
        for name, shape in shapes.items():
            value = getattr(self, name)
            if value is not None and value.shape != shape:
                raise UserError(
                    f'{self.model}: {name} has shape {value.shape}, but {count} faces of schema '
                    f'{self.schema.name} need {shape}'
                )

    @property
    def num_faces(self) -> int:
        """N."""
        return len(self.ids)

    @property
    def labelled(self) -> np.ndarray:
        """[N, K] bool: the truth has this point."""
        return self.visibility > ABSENT

    @property
    def knows_occlusion(self) -> bool:
        """Whether both visible and occluded points are marked."""
        return bool((self.visibility == OCCLUDED).any() and (self.visibility == VISIBLE).any())

    @property
    def errors(self) -> np.ndarray:
        """[N, K] px, see `point_errors`."""
        return point_errors(self.predicted, self.truth, self.labelled)

    @property
    def missed(self) -> np.ndarray:
        """[N] bool: nothing was predicted for this face."""
        return np.isnan(self.predicted).any(axis=(1, 2))

    def factors(self, normalizer: str) -> np.ndarray:
        """[N] px, see `normalization_factors`."""
        return normalization_factors(
            normalizer,
            self.schema,
            self.truth,
            self.labelled,
            boxes=self.norm_boxes,
            box_sizes=self.box_sizes,
        )
