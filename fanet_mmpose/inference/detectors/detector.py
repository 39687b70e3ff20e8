"""The detectors' interface and their registry."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import nms

FIELDS = ('boxes', 'scores', 'rolls', 'chances')


@dataclass(frozen=True, eq=False)
class Detections:
    """N faces of one image.

    Attributes:
        boxes: [N, 4] x1, y1, x2, y2, px; the tight box of the points, as well as it is known.
        scores: [N], larger is surer; comparable within one detector only.
        rolls: [N] degrees clockwise (`geometry.roll`), by which each box is turned about its own
            middle; NaN where the detector knows none, which is everywhere if left out.
        chances: [N] BlazeFace's scores, which `face_chance` is fitted on; NaN elsewhere.
    """

    boxes: np.ndarray
    scores: np.ndarray
    rolls: np.ndarray | None = None
    chances: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, 'boxes', np.asarray(self.boxes, float).reshape(-1, 4))
        object.__setattr__(self, 'scores', np.asarray(self.scores, float).reshape(-1))
        for name in ('rolls', 'chances'):
            given = getattr(self, name)
            known = np.full(len(self.boxes), np.nan) if given is None else given
            object.__setattr__(self, name, np.asarray(known, float).reshape(-1))

    def __len__(self) -> int:
        return len(self.boxes)

    def __getitem__(self, chosen: np.ndarray | slice) -> Detections:
        """Those of indices or of a mask [N]."""
        return Detections(*(getattr(self, name)[chosen] for name in FIELDS))


def joined(parts: Iterable[Detections]) -> Detections:
    """All of several, in their order."""
    parts = [part for part in parts if len(part)] or [Detections([], [])]
    if len(parts) == 1:
        return parts[0]
    fields = (np.concatenate([getattr(p, name) for p in parts]) for name in FIELDS)
    return Detections(*fields)


def suppressed(parts: Iterable[Detections], max_iou: float, max_ios: float = 1.0) -> Detections:
    """All faces of several after NMS, highest score first; limits as of `geometry.boxes.nms`."""
    found = joined(parts)
    if len(found) < 2:  # the usual picture, several times over
        return found
    return found[nms(found.boxes, found.scores, max_iou, max_ios)]


class Detector(Protocol):
    """Anything that finds faces."""

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`, uint8 [H, W, 3] blue first; `name` is its path, where it has one."""
        ...


# Name -> module that registers it when imported, so that a detector costs nothing unused.
MODULES = {
    'haar': 'cascade',
    'lbp': 'cascade',
    'hog': 'hog',
    'blazeface': 'blazeface',
    'blazeface_full': 'blazeface',
    'blazeface_all': 'robust_search',
    'blazeface_every': 'robust_search',
    'blazeface_video': 'robust_search',
    'mediapipe': 'mediapipe_detector',
    'whole_image': 'precomputed',
    'precomputed': 'precomputed',
    'mmdet': 'mmdet_detector',
    'fanet_face': 'onnx_detector',
    'fanet_face_640': 'onnx_detector',
    'fanet_face_all': 'all_sizes',
    'fanet_face_video': 'all_sizes',
}
_FACTORIES: dict[str, Callable[..., Detector]] = {}


def register_detector(name: str) -> Callable[[Callable[..., Detector]], Callable[..., Detector]]:
    """Decorate a class or function that makes a detector."""

    def register(factory: Callable[..., Detector]) -> Callable[..., Detector]:
        _FACTORIES[name] = factory
        return factory

    return register


def known_detectors() -> tuple[str, ...]:
    """Names that `build_detector` accepts."""
    return tuple(dict.fromkeys((*MODULES, *_FACTORIES)))


def build_detector(name: str | Detector, device: str = 'cpu', **options: Any) -> Detector:
    """A detector by name, ``precomputed:FILE`` included; a detector itself is returned.

    Args:
        name: of `known_detectors`, with ``:FILE`` where the detector takes one.
        device: ``cpu`` or ``cuda``, for detectors that can compute elsewhere than on the CPU.
        options: further arguments of the detector.

    Raises:
        UserError: the name is unknown, or what the detector needs is missing.
    """
    if not isinstance(name, str):
        return name
    kind, _, path = name.partition(':')
    if kind not in _FACTORIES and kind in MODULES:
        importlib.import_module(f'fanet_mmpose.inference.detectors.{MODULES[kind]}')
    if kind not in _FACTORIES:
        raise UserError(f'unknown detector {kind!r}; one of {", ".join(known_detectors())}')
    factory = _FACTORIES[kind]
    takes = inspect.signature(factory).parameters
    if path and 'path' not in takes:
        raise UserError(f'detector {name!r}: {kind} takes no file, give {kind!r} alone')
    places = {'path': path, 'device': '' if device == 'cpu' else device}
    given = {key: value for key, value in places.items() if value and key in takes}
    return factory(**given, **options)
