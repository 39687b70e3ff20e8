"""PartOfDataset: some of a dataset's faces, chosen by their annotations."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from mmengine.dataset import BaseDataset
from mmpose.registry import DATASETS


class PartOfDataset(ABC):
    """A plain dataset, and which of its faces are kept; what is left behaves as it does.

    Args:
        dataset: Config of a plain dataset with its pipeline.
        lazy_init: Leave reading the annotations to `full_init`.
    """

    def __init__(self, dataset: dict, lazy_init: bool = False) -> None:
        self.dataset: BaseDataset = DATASETS.build(dict(dataset, lazy_init=True))
        self._fully_initialized = False
        if not lazy_init:
            self.full_init()

    @abstractmethod
    def choose(self) -> Sequence[int]:
        """Indices of the kept faces, in their order; the annotations have been read."""

    def annotation(self, index: int) -> dict:
        """Of a face of the whole dataset, without the meta information that MMPose copies to it."""
        return BaseDataset.get_data_info(self.dataset, index)

    @property
    def metainfo(self) -> dict:
        """Meta information of the whole dataset; every part has the same."""
        return copy.deepcopy(self.dataset.metainfo)

    def full_init(self) -> None:
        """Read the annotations and keep the chosen ones. A second call does nothing."""
        if self._fully_initialized:
            return
        self.dataset.full_init()
        self.dataset.get_subset_(list(self.choose()))
        self._fully_initialized = True

    def get_data_info(self, idx: int) -> dict:
        """Annotation of one kept face, before the pipeline."""
        self.full_init()
        return self.dataset.get_data_info(idx)

    def __getitem__(self, idx: int) -> Any:
        self.full_init()
        return self.dataset[idx]

    def __len__(self) -> int:
        self.full_init()
        return len(self.dataset)
