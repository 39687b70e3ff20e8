"""FANet: facial landmarks for MMPose. Importing this costs nothing: no torch, no mmpose."""

from __future__ import annotations

from fanet_mmpose import earlier_names

TYPE_CHECKING = False  # as typing's, without importing typing: this runs at Python's start
if TYPE_CHECKING:
    from fanet_mmpose.apis import (
        FaceLandmarker,
        FaceLandmarks,
        FaceTracker,
        from_pretrained,
        load_model,
    )

earlier_names.install()

__version__ = '0.1.0'
__all__ = [
    'FaceLandmarker',
    'FaceLandmarks',
    'FaceTracker',
    '__version__',
    'from_pretrained',
    'load_model',
]


def __getattr__(name: str) -> object:
    """The names of `fanet_mmpose.apis`, imported when asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from importlib import import_module

    return getattr(import_module('fanet_mmpose.apis'), name)
