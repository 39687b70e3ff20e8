"""The same as `runtime.OnnxModel`, computed by PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from fanet_mmpose.deploy.export import describe
from fanet_mmpose.deploy.network import CropToLandmarks, load_network
from fanet_mmpose.deploy.runtime import CropLandmarks, check_crops, no_landmarks
from fanet_mmpose.errors import UserError


class TorchModel:
    """A checkpoint, loaded; called as `OnnxModel`.

    Args:
        config: recipe that the checkpoint was trained with.
        checkpoint: weights.
        device: as PyTorch names it.

    Raises:
        UserError: see `load_network`, or PyTorch cannot use the device.
    """

    def __init__(self, config: str | Path, checkpoint: str | Path, device: str = 'cpu') -> None:
        loaded, model = load_network(config, checkpoint)
        self._network, self._device = CropToLandmarks(model).eval(), device
        try:
            self._network.to(device)
        except (RuntimeError, AssertionError) as error:  # no driver; built without CUDA
            reason = str(error).splitlines()[0].partition('. ')[0]
            raise UserError(f'device {device!r}: PyTorch cannot use it ({reason})') from error
        self.info = describe(loaded, config, self._network)

    @torch.inference_mode()
    def __call__(self, crops: np.ndarray) -> CropLandmarks:
        """uint8 crops [B, H, W, 3], red first -> landmarks. Raises `UserError` as `OnnxModel`."""
        check_crops(crops, self.info.input_size)
        if not len(crops):
            return no_landmarks(self.info.schema.num_points)
        images = torch.from_numpy(crops).to(self._device).permute(0, 3, 1, 2)
        return CropLandmarks(*(output.cpu().numpy() for output in self._network(images)))
