"""How each detector is run when it is measured: on one thread."""

from __future__ import annotations

from typing import Any, NamedTuple

from fanet_mmpose.inference.detectors.cascade import CascadeOptions
from fanet_mmpose.inference.detectors.hog import HogOptions
from fanet_mmpose.inference.detectors.onnx_detector import OnnxDetectorOptions


class SearchOptions(NamedTuple):
    """`usual` is the default; `loose` gives more boxes, for the recall at more false ones."""

    usual: Any
    loose: Any


_LEARNT = SearchOptions(
    OnnxDetectorOptions(threads=1), OnnxDetectorOptions(threads=1, min_score=0.02)
)
OPTIONS: dict[str, SearchOptions] = {
    'haar': SearchOptions(CascadeOptions(), CascadeOptions(neighbors=1)),
    'lbp': SearchOptions(CascadeOptions(), CascadeOptions(neighbors=1)),
    'hog': SearchOptions(HogOptions(), HogOptions(min_score=0.02)),
    'fanet_face': _LEARNT,
    'fanet_face_all': _LEARNT,
    'fanet_face_video': _LEARNT,
}
