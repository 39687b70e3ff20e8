"""Deep SORT: MMDetection's SORT tracker with a network that tells faces apart.

Wojke, Bewley and Paulus, "Simple Online and Realtime Tracking with a Deep Association Metric",
ICIP 2017.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.trackers.appearance import Appearance
from fanet_mmpose.inference.trackers.box_tracker import Detect, register_tracker
from fanet_mmpose.inference.trackers.mmdet_tracker import SORT, MMDetTracker

SAMPLES = 10  # vectors that a track remembers; compared by their mean
# Distance of vectors of length 1 up to which two pictures are of one face: an angle of 66 degrees,
# in the range that ArcFace's users take.
SAME_LOOK = 1.1


@register_tracker('deepsort')
class DeepSortTracker(MMDetTracker):
    """Boxes are told apart by their look first, by overlap second.

    Args:
        detect: runs on each frame.
        path: see `Appearance`.

    Raises:
        UserError: no file is given, see `Appearance`, or mmdet is not installed.
    """

    def __init__(self, detect: Detect, path: str = '') -> None:
        if not path:
            raise UserError('tracker deepsort needs a network of looks: deepsort:FILE.onnx')
        look = Appearance(path)
        reid = dict(
            num_samples=SAMPLES, img_scale=look.size, img_norm_cfg=None, match_score_thr=SAME_LOOK
        )
        super().__init__(detect, {**SORT, 'reid': reid})
        self._model = SimpleNamespace(reid=_as_network(look))

    def _picture(self, frame: np.ndarray) -> Any:
        import torch

        red_first = np.ascontiguousarray(frame[..., ::-1].transpose(2, 0, 1))
        return torch.from_numpy(red_first)[None].float()


def _as_network(look: Appearance) -> Any:
    """As mmdet calls a network for re-identification."""
    import torch

    def embed(crops: torch.Tensor, mode: str = 'tensor') -> torch.Tensor:
        return torch.from_numpy(look(crops.numpy()))

    embed.head = SimpleNamespace(out_channels=look.channels)
    return embed
