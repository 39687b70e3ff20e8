"""Pictures for inference: the package's one loader, `fanet_mmpose.images`."""

from __future__ import annotations

from fanet_mmpose.images import (
    MAX_MEGAPIXELS,
    NAMED,
    SUFFIXES,
    VIDEOS,
    ImageSource,
    find_images,
    load_image,
)

__all__ = [
    'MAX_MEGAPIXELS',
    'NAMED',
    'SUFFIXES',
    'VIDEOS',
    'ImageSource',
    'find_images',
    'load_image',
]
