"""MMPose's inferencers find the shipped models by name.

MMEngine looks names up in the indices of OpenMMLab's packages alone (`MODULE2PACKAGE`) and offers
no way to add one, so `BaseInferencer` is patched to ask here first. Names that are not ours go the
way they went.
"""

from __future__ import annotations

from typing import Any

from mmengine.config import Config
from mmengine.infer import BaseInferencer

from fanet_mmpose import weights


def install() -> None:
    """Patch `BaseInferencer`. Calling it again is harmless."""
    look_up = BaseInferencer._load_model_from_metafile
    if look_up.__module__ == __name__:
        return

    def look_up_ours_too(self: BaseInferencer, model: str) -> tuple[Config, Any]:
        if model not in weights.names():
            return look_up(self, model)
        config = Config.fromfile(weights.config_of(model))
        return config, str(weights.find(model, '.pth'))

    BaseInferencer._load_model_from_metafile = look_up_ours_too
