"""Tells drawn data sets which epoch it is."""

from __future__ import annotations

from collections.abc import Iterator

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch.utils.data import Dataset

from fanet_mmpose.synthetic.synthetic_face_dataset import SyntheticFaceDataset


def synthetic_parts(dataset: Dataset) -> Iterator[SyntheticFaceDataset]:
    """Every `SyntheticFaceDataset` in a data set and in what it wraps or combines."""
    if isinstance(dataset, SyntheticFaceDataset):
        yield dataset
    for part in (*getattr(dataset, 'datasets', ()), getattr(dataset, 'dataset', None)):
        if part is not None:
            yield from synthetic_parts(part)


@HOOKS.register_module()
class FreshFacesHook(Hook):
    """Before each training epoch, let `fresh_each_epoch` data sets move on to other faces."""

    def before_train_epoch(self, runner: Runner) -> None:
        """Hand the number of the epoch to each drawn data set."""
        for dataset in synthetic_parts(runner.train_dataloader.dataset):
            dataset.set_epoch(runner.epoch)
