"""One look of BlazeFace at the whole picture: the quickest way to near faces that are upright."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fanet_mmpose.inference.detectors.blaze_faces import look_at
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork
from fanet_mmpose.inference.detectors.detector import Detections, register_detector
from fanet_mmpose.inference.detectors.views import Pyramid, square_view, whole


@dataclass(frozen=True)
class BlazeFaceOptions:
    """What is a face.

    Attributes:
        min_score: faces of a lower score are none.
    """

    min_score: float = 0.5


class BlazeFace:
    """A network as a detector.

    Args:
        kind: ``short`` or ``full``.
        device: ``cpu`` or ``cuda``.
        path: another ONNX file of the same network.
        options: see `BlazeFaceOptions`.

    Raises:
        UserError: the file is missing or damaged.
    """

    def __init__(
        self,
        kind: str,
        device: str = 'cpu',
        path: str | Path | None = None,
        options: BlazeFaceOptions | None = None,
    ) -> None:
        self.options = options or BlazeFaceOptions()
        self._network = BlazeNetwork(kind, device, path)

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image` by descending score; scores are chances in (0, 1), rolls are known."""
        view = square_view(whole(image), self._network.layout.side)
        return look_at(self._network, Pyramid(image), [view], self.options.min_score)[0]


@register_detector('blazeface')
def short_range(
    path: str | Path | None = None, device: str = 'cpu', options: BlazeFaceOptions | None = None
) -> BlazeFace:
    """Faces within two metres, at 128 px; arguments as of `BlazeFace`."""
    return BlazeFace('short', device, path, options)


@register_detector('blazeface_full')
def full_range(
    path: str | Path | None = None, device: str = 'cpu', options: BlazeFaceOptions | None = None
) -> BlazeFace:
    """Faces within five metres, at 192 px; arguments as of `BlazeFace`."""
    return BlazeFace('full', device, path, options)
