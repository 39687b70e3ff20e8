"""CustomFaceDataset: faces with one's own points, as ``prepare_dataset.py custom`` writes them."""

from __future__ import annotations

from typing import Any

from mmpose.datasets.datasets.face.face_300w_dataset import Face300WDataset
from mmpose.registry import DATASETS

from fanet_mmpose.geometry.schemas import find_schema


@DATASETS.register_module()
class CustomFaceDataset(Face300WDataset):
    """The annotations of `Face300WDataset` with the points of any schema.

    Args:
        schema (str): YAML file (docs/schemas.md) or name of the point set. A file's name for it is
            known afterwards: to the metric, and to datasets that are built later.
        **base: Of MMPose's `BaseCocoStyleDataset`.

    Raises:
        UserError: the file is missing or wrong, or the name unknown.
    """

    def __init__(self, schema: str, **base: Any) -> None:
        self.schema = schema
        super().__init__(metainfo=find_schema(schema).to_metainfo(), **base)
