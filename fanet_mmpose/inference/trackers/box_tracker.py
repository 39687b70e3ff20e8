"""The trackers' interface and their registry."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import Detections

Boxes: TypeAlias = dict[int, np.ndarray]  # by face number: [4] x1, y1, x2, y2, px
Detect: TypeAlias = Callable[[np.ndarray], Detections]


class BoxTracker(Protocol):
    """Follows boxes with identity.

    Attributes:
        detects: `propose` runs the detector on each frame and finds newcomers itself. Otherwise
            newcomers are found by `FaceTracker` and come in through `observe`.
    """

    detects: bool

    def propose(self, frame: np.ndarray) -> Boxes:
        """Where the faces are in the next frame, uint8 [H, W, 3] blue first, as well as known."""
        ...

    def observe(self, frame: np.ndarray, boxes: Mapping[int, np.ndarray]) -> None:
        """All faces that landmarks were found of in `frame`: the tight boxes of their points."""
        ...


# Name -> module that registers it when imported, so that a tracker costs nothing unused.
MODULES = {
    'landmarks': 'landmark_tracker',
    'kcf': 'kcf_tracker',
    'bytetrack': 'mmdet_tracker',
    'sort': 'mmdet_tracker',
    'deepsort': 'deep_sort_tracker',
}
Factory: TypeAlias = Callable[..., BoxTracker]
_FACTORIES: dict[str, Factory] = {}


def register_tracker(name: str) -> Callable[[Factory], Factory]:
    """Decorate a class or function that makes a tracker from a detector, and a `path` if any."""

    def register(factory: Factory) -> Factory:
        _FACTORIES[name] = factory
        return factory

    return register


def known_trackers() -> tuple[str, ...]:
    """Names that `build_tracker` accepts."""
    return tuple(dict.fromkeys((*MODULES, *_FACTORIES)))


def build_tracker(name: str, detect: Detect) -> BoxTracker:
    """A new tracker for one video.

    Args:
        name: of `known_trackers`, ``deepsort:FILE`` included.
        detect: the detector, for trackers that run it themselves.

    Raises:
        UserError: the name is unknown, or what the tracker needs is missing.
    """
    kind, _, path = name.partition(':')
    if kind not in _FACTORIES and kind in MODULES:
        importlib.import_module(f'fanet_mmpose.inference.trackers.{MODULES[kind]}')
    if kind not in _FACTORIES:
        raise UserError(f'unknown tracker {kind!r}; one of {", ".join(known_trackers())}')
    factory = _FACTORIES[kind]
    if path and 'path' not in inspect.signature(factory).parameters:
        raise UserError(f'tracker {name!r}: {kind} takes no file, give {kind!r} alone')
    return factory(detect, path) if path else factory(detect)
