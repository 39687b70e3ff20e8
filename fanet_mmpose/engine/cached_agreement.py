"""Cached faces need the preprocessor and the collate function that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanet_mmpose.errors import UserError

DATASET, PREPROCESSOR, COLLATE = 'CachedFaces', 'CachedFacesPreprocessor', 'collate_cached'


def check_cached(config: Mapping[str, Any]) -> None:
    """Raise `UserError` for training data of `CachedFaces` that nothing would augment or encode."""
    loader = config.get('train_dataloader') or {}
    if (loader.get('dataset') or {}).get('type') != DATASET:
        return
    for field, part, wanted in (
        ('model.data_preprocessor', config['model'].get('data_preprocessor'), PREPROCESSOR),
        ('train_dataloader.collate_fn', loader.get('collate_fn'), COLLATE),
    ):
        found = (part or {}).get('type')
        if found != wanted:
            raise UserError(
                f'train_dataloader.dataset is {DATASET} and {field}.type {found}: make it {wanted} '
                '(configs/fanet_lite_300w_cached.py)'
            )
