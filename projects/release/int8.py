"""The INT8 file of a published network, from its ONNX file, and what the 8 bits cost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import onnx

from fanet_mmpose.deploy.model_info import info_from_metadata
from fanet_mmpose.deploy.precision import CALIBRATION_FACES, quantize
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.files import replacing
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety
from projects.release.tools.wild_val import AS_68, read_set

SEED = 91  # of drawn faces; no training has it
VARIETY = Variety(occluder=0.25, glasses=0.3, mask=0.05)
ROUNDS, WARM = 60, 5


def drawn_faces(number: int = CALIBRATION_FACES) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pictures and points [68, 2] px of drawn faces."""
    for index in range(number):
        face = render_face((SEED, index), 224, VARIETY)
        yield face.image, face.points.to_schema('300w68')[0]


def set_faces(
    annotations: Path, pictures: Path, number: int = CALIBRATION_FACES
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pictures and points [68, 2] px, evenly chosen, of a file's faces."""
    faces = list(read_set(annotations, pictures, AS_68))
    for index in np.unique(np.linspace(0, len(faces) - 1, number).astype(int)):
        yield faces[index][0], faces[index][1][:, :2]


def to_crops(model: OnnxModel, faces: Iterator[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """What the network is given of each: uint8 [N, H, W, 3], red first."""
    size, padding = model.info.input_size, model.info.padding
    crops = [
        crop_image(image, crop_matrix(tight_box(points), size, padding), size)
        for image, points in faces
    ]
    return np.stack([cv2.cvtColor(crop, cv2.COLOR_BGR2RGB) for crop in crops])


def write_int8(source: Path, crops: np.ndarray, out: Path) -> None:
    """Quantise a published FP32 file; its metadata stay, but for the precision.

    Args:
        source: NAME.onnx.
        crops: see `to_crops`; the ranges are taken from them.
        out: NAME.int8.onnx.
    """
    properties = {prop.key: prop.value for prop in onnx.load(source).metadata_props}
    info = replace(info_from_metadata(properties, str(source)), precision='int8')
    with replacing(out) as temporary:
        shutil.copyfile(source, temporary)
        quantize(temporary, crops)
        graph = onnx.load(temporary)
        onnx.helper.set_model_props(graph, info.to_metadata())
        onnx.save(graph, temporary)


def cpu_ratio(first: OnnxModel, second: OnnxModel, crops: np.ndarray) -> float:
    """CPU time of `second` over that of `first`, one face, in turns; the median of `ROUNDS`."""
    ratios = []
    for index in range(WARM + ROUNDS):
        crop = crops[index % len(crops)][None]
        times = []
        for model in (first, second):
            start = time.process_time()
            model(crop)
            times.append(time.process_time() - start)
        ratios.append(times[1] / times[0])
    return median(ratios[WARM:])
