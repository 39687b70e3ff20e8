"""CachedFaces: a dataset whose pictures are decoded once, before training, and stay in memory."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from mmengine.registry import FUNCTIONS
from mmpose.registry import DATASETS

from fanet_mmpose.datasets.cached.face_store import FaceStore, read_faces
from fanet_mmpose.errors import UserError

NUM_DRAWS = 32  # random numbers for a face: more than all augmentation together needs


@DATASETS.register_module()
class CachedFaces:
    """Faces of any top-down dataset, for `CachedFacesPreprocessor`, which augments and encodes.

    A sample is a number, the face's, and what the face's augmentation is drawn from: uniform
    numbers in [0, 1) from NumPy's global generator, which `SeedDrawsHook` seeds for each sample.
    Use `collate_cached`, and no loader workers: there is nothing for them to do.

    Args:
        dataset (dict): Config of a dataset whose pipeline loads the picture round the face and ends
            with `GetBBoxCenterScale`.
        max_mb (int): What the pictures may take in memory, 0.2 MB each at a side of 256. Defaults
            to 8192.
        lazy_init (bool): Leave the reading to `full_init`. Defaults to False.

    Raises:
        UserError: the pipeline lacks a step, or the pictures need more room than `max_mb`.
    """

    def __init__(self, dataset: dict, max_mb: int = 8192, lazy_init: bool = False) -> None:
        # Without it the boxes have no padding, and nothing else would tell.
        if 'GetBBoxCenterScale' not in str(dataset):
            raise UserError(
                'CachedFaces.dataset: its pipeline has no GetBBoxCenterScale: let it be '
                'LoadFaceCrop and GetBBoxCenterScale'
            )
        self.dataset = DATASETS.build(dict(dataset, lazy_init=True))
        self.max_mb = max_mb
        self.faces: FaceStore | None = None
        if not lazy_init:
            self.full_init()

    @property
    def metainfo(self) -> dict:
        """Of the dataset inside."""
        return copy.deepcopy(self.dataset.metainfo)

    def full_init(self) -> None:
        """Read annotations and pictures. A second call does nothing."""
        if self.faces is None:
            self.dataset.full_init()
            self.faces = read_faces(self.dataset, self.max_mb)

    def get_data_info(self, idx: int) -> dict:
        """Annotation of a face."""
        return self.dataset.get_data_info(idx)

    def __len__(self) -> int:
        self.full_init()
        return len(self.faces)

    def __getitem__(self, index: int) -> dict[str, Any]:
        self.full_init()
        return dict(faces=self.faces, index=int(index), draws=np.random.random(NUM_DRAWS))


@FUNCTIONS.register_module()
def collate_cached(samples: Sequence[Mapping[str, Any]], _scope_: str = '') -> dict[str, Any]:
    """Collate samples of `CachedFaces`.

    Args:
        samples: of a batch.
        _scope_: not used; MMEngine writes it into configs that inherit another package's.

    Returns:
        `faces`, the `FaceStore` of all; `index` [B] int64; `draws` [B, D] float64.
    """
    return dict(
        faces=samples[0]['faces'],
        index=torch.tensor([sample['index'] for sample in samples]),
        draws=torch.from_numpy(np.stack([sample['draws'] for sample in samples])),
    )
