"""A small network that was taught to tell two faces apart, as a file for Deep SORT."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from skimage import data
from torch import Tensor, nn

from fanet_mmpose.deploy.export import OPSET, tracing_arguments
from fanet_mmpose.inference.trackers.appearance import MIDDLE, RANGE

SIDE, CHANNELS, STEPS = 32, 8, 60


def two_faces() -> tuple[np.ndarray, np.ndarray]:
    """A woman and a man with a camera, uint8 [64, 64, 3], blue first, of scikit-image's wheel."""
    woman = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[80:180, 175:275]
    man = cv2.cvtColor(data.camera(), cv2.COLOR_GRAY2BGR)[80:180, 180:280]
    return tuple(cv2.resize(face, (64, 64), interpolation=cv2.INTER_AREA) for face in (woman, man))


def teach_looks(path: Path, faces: Sequence[np.ndarray]) -> Path:
    """Learn `STEPS` batches of shifted, brighter and darker pictures of the faces."""
    torch.manual_seed(0)
    embed = nn.Sequential(
        nn.Conv2d(3, 8, 5, 4),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, 2),
        nn.Flatten(),
        nn.LazyLinear(CHANNELS),
    )
    embed(torch.zeros(1, 3, SIDE, SIDE))
    label = nn.Linear(CHANNELS, len(faces), bias=False)
    learn = torch.optim.Adam([*embed.parameters(), *label.parameters()], 0.01)
    rng = np.random.default_rng(0)
    for _ in range(STEPS):
        kinds = rng.integers(0, len(faces), 16)
        batch = torch.stack([_varied(rng, faces[kind]) for kind in kinds])
        vectors = nn.functional.normalize(embed(batch))
        loss = nn.functional.cross_entropy(5 * label(vectors), torch.from_numpy(kinds))
        learn.zero_grad()
        loss.backward()
        learn.step()
    return write_looks(path, embed.eval())


def write_looks(path: Path, network: nn.Module) -> Path:
    """As ONNX, any number of pictures at once."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, SIDE, SIDE),),
            str(path),
            opset_version=OPSET,
            **tracing_arguments(),
        )
    return path


def _varied(rng: np.random.Generator, face: np.ndarray) -> Tensor:
    top, left, bottom, right = rng.integers(0, 8, 4)
    part = face[top : 64 - bottom, left : 64 - right]
    small = cv2.resize(part, (SIDE, SIDE)) * rng.uniform(0.8, 1.2)
    red_first = np.ascontiguousarray(small[..., ::-1].transpose(2, 0, 1), np.float32)
    return torch.from_numpy((red_first - MIDDLE) / RANGE)
