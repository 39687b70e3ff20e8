"""A fixed validation part for datasets that come without one."""

from __future__ import annotations

from mmpose.registry import DATASETS

from fanet_mmpose.datasets.held_out import is_held_out
from fanet_mmpose.datasets.part_of_dataset import PartOfDataset
from fanet_mmpose.errors import UserError


@DATASETS.register_module()
class HoldOutDataset(PartOfDataset):
    """One side of a dataset that is split by photograph.

    Two of these, alike but for `held_out`, share no photograph and together have every face.

    Args:
        dataset (dict): Config of a plain dataset with its pipeline. To combine several, hold a part
            out of each and put these into `CombinedDataset`.
        held_out (bool): True for the validation part, False for the rest.
        every (int): One photograph in `every` is held out. Defaults to 10.
        lazy_init (bool): Leave reading the annotations to `full_init`. Defaults to False.

    Raises:
        UserError: `dataset` is itself a combination, or the part is empty.
    """

    def __init__(
        self, dataset: dict, held_out: bool, every: int = 10, lazy_init: bool = False
    ) -> None:
        self.held_out, self.every = held_out, every
        if every < 2:
            raise UserError(f'HoldOutDataset.every is {every}: it must be 2 or more')
        super().__init__(dataset, lazy_init=True)
        if not hasattr(self.dataset, 'get_subset_') or hasattr(self.dataset, 'datasets'):
            raise UserError(
                f'HoldOutDataset.dataset is a {dataset["type"]}: give it a plain dataset, and '
                'combine the parts afterwards'
            )
        if not lazy_init:
            self.full_init()

    def choose(self) -> list[int]:
        """Our side's faces."""
        indices = [
            index
            for index in range(len(self.dataset))
            if is_held_out(self.annotation(index)['img_path'], self.every) == self.held_out
        ]
        if not indices:
            raise UserError(
                f'HoldOutDataset(held_out={self.held_out}, every={self.every}) of '
                f'{self.dataset.ann_file} has no face: choose another `every`'
            )
        return indices
