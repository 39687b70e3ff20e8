"""PartlyLabelledDataset: one's own labelled faces and the unlabelled ones, of one point set."""

from __future__ import annotations

from typing import Any

from mmpose.datasets.dataset_wrappers import CombinedDataset
from mmpose.registry import DATASETS

from fanet_mmpose.engine.preflight import check_dataset
from fanet_mmpose.geometry.schemas import find_schema


@DATASETS.register_module()
class PartlyLabelledDataset(CombinedDataset):
    """A `CombinedDataset` of two that a short config can change piece by piece.

    Args:
        schema (str): YAML file or name of the points, of both parts.
        labelled (dict): `CustomFaceDataset` with its pipeline, less the schema.
        unlabelled (dict): `UnlabelledFaceDataset` with its pipeline, less the schema.
        **base: Of `CombinedDataset`; `pipeline` comes after the parts' own.

    Raises:
        UserError: the schema, an annotation file or a picture is missing or wrong.
    """

    def __init__(self, schema: str, labelled: dict, unlabelled: dict, **base: Any) -> None:
        points = find_schema(schema)
        # The second part knows the points by the name that `find_schema` made known.
        parts = [dict(labelled, schema=schema), dict(unlabelled, schema=points.name)]
        for name, part in zip(('labelled', 'unlabelled'), parts, strict=True):
            check_dataset(part, (), None, f'train_dataloader.dataset.{name}')
        super().__init__(points.to_metainfo(), parts, **base)
