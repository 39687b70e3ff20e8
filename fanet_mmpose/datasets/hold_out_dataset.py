"""A fixed validation part for datasets that come without one."""

from __future__ import annotations

import copy
from typing import Any

from mmengine.dataset import BaseDataset
from mmpose.registry import DATASETS

from fanet_mmpose.datasets.held_out import is_held_out
from fanet_mmpose.errors import UserError


@DATASETS.register_module()
class HoldOutDataset:
    """One side of a dataset that is split by photograph.

    Two of these, alike but for `held_out`, share no photograph and together have every face.

    Args:
        dataset: Config of a plain dataset with its pipeline. To combine several, hold a part out
            of each and put these into `CombinedDataset`.
        held_out: True for the validation part, False for the rest.
        every: One photograph in `every` is held out.
        lazy_init: Leave reading the annotations to `full_init`.

    Raises:
        UserError: `dataset` is itself a combination, or the part is empty.
    """

    def __init__(
        self, dataset: dict, held_out: bool, every: int = 10, lazy_init: bool = False
    ) -> None:
        self.dataset: BaseDataset = DATASETS.build(dict(dataset, lazy_init=True))
        if not hasattr(self.dataset, 'get_subset_') or hasattr(self.dataset, 'datasets'):
            raise UserError(
                f'HoldOutDataset.dataset is a {dataset["type"]}: give it a plain dataset, and '
                'combine the parts afterwards'
            )
        if every < 2:
            raise UserError(f'HoldOutDataset.every is {every}: it must be 2 or more')
        self.held_out = held_out
        self.every = every
        self._fully_initialized = False
        if not lazy_init:
            self.full_init()

    @property
    def metainfo(self) -> dict:
        """Meta information of the whole dataset; both parts have the same."""
        return copy.deepcopy(self.dataset.metainfo)

    def full_init(self) -> None:
        """Read the annotations and keep our side of them. A second call does nothing."""
        if self._fully_initialized:
            return
        self.dataset.full_init()
        indices = [
            index
            for index in range(len(self.dataset))
            if is_held_out(self._file_name(index), self.every) == self.held_out
        ]
        if not indices:
            raise UserError(
                f'HoldOutDataset(held_out={self.held_out}, every={self.every}) of '
                f'{self.dataset.ann_file} has no face: choose another `every`'
            )
        self.dataset.get_subset_(indices)
        self._fully_initialized = True

    def _file_name(self, index: int) -> str:
        # The base class skips the copy of all meta information that MMPose adds to each sample.
        return BaseDataset.get_data_info(self.dataset, index)['img_path']

    def get_data_info(self, idx: int) -> dict:
        """Annotation of one face, before the pipeline."""
        self.full_init()
        return self.dataset.get_data_info(idx)

    def __getitem__(self, idx: int) -> Any:
        self.full_init()
        return self.dataset[idx]

    def __len__(self) -> int:
        self.full_init()
        return len(self.dataset)
