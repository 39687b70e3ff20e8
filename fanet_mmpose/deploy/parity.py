"""Does the exported file find the points that PyTorch finds?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from fanet_mmpose.deploy.network import CropToLandmarks
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix


@dataclass(frozen=True)
class Tolerance:
    """That share of the points must be found within `pixels` of PyTorch's."""

    pixels: float
    share: float


# FP16 and INT8 move points by design: half of them must stay near, their NME says the rest.
TOLERANCES = {
    'fp32': Tolerance(0.05, 1.0),
    'fp16': Tolerance(0.5, 0.5),
    'int8': Tolerance(2.0, 0.5),
}
DRAWN_FACES = 6


def sample_crops(size: tuple[int, int], seed: int = 0) -> np.ndarray:
    """Noise and drawn faces: uint8 crops [N, H, W, 3] of `size` (width, height), red first."""
    from fanet_mmpose.synthetic.renderer import render_face

    width, height = size
    noise = np.random.default_rng(seed).integers(0, 256, (2, height, width, 3), np.uint8)
    faces = [render_face((seed, index), 160) for index in range(DRAWN_FACES)]
    drawn = [
        crop_image(face.image, crop_matrix(tight_box(face.points.points), size), size)
        for face in faces
    ]
    return np.concatenate([noise, [cv2.cvtColor(crop, cv2.COLOR_BGR2RGB) for crop in drawn]])


@torch.no_grad()
def distances(network: CropToLandmarks, path: str | Path, crops: np.ndarray) -> np.ndarray:
    """Distances [N, K], px of the crop, between the points of PyTorch and of the file.

    The file runs the crops as one batch and the first of them alone as well.
    """
    expected = network(torch.from_numpy(crops).permute(0, 3, 1, 2).contiguous())[0].numpy()
    model = OnnxModel(path)
    found = np.concatenate([model(crops).keypoints, model(crops[:1]).keypoints])
    return np.linalg.norm(found - np.concatenate([expected, expected[:1]]), axis=-1)


def check_parity(network: CropToLandmarks, path: str | Path, precision: str) -> None:
    """Raise `UserError` if the file's points differ from PyTorch's by more than allowed."""
    allowed = TOLERANCES[precision]
    crops = sample_crops(network.codec.input_size)
    distance = float(np.quantile(distances(network, path, crops), allowed.share))
    if not distance <= allowed.pixels:
        raise UserError(
            f'the {precision} export finds points {distance:.2f} px away from PyTorch (allowed '
            f'{allowed.pixels} px) and was not kept: try another onnxruntime or torch'
        )
