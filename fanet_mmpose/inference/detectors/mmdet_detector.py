"""Any detector of MMDetection, from its config and a checkpoint. Needs mmdet and PyTorch."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors.box_mapping import BoxMapping
from fanet_mmpose.inference.detectors.detector import Detections, register_detector

MIN_SCORE = 0.4


@register_detector('mmdet')
class MMDetDetector:
    """A trained detector of mmdet, run as its config's test pipeline says.

    Args:
        path: ``CONFIG,CHECKPOINT``, as `build_detector('mmdet:CONFIG,CHECKPOINT')` gives it.
        device: as PyTorch names it.
        min_score: boxes of a lower score are no faces.
        mapping: from its boxes to tight boxes: none for those trained on tight boxes; fit one
            with `fanet_mmpose.inference.detectors.calibrate` for others.

    Raises:
        UserError: not two files, mmdet is not installed, or see `load_detector`.
    """

    def __init__(
        self,
        path: str = '',
        device: str = 'cpu',
        min_score: float = MIN_SCORE,
        mapping: BoxMapping | None = None,
    ) -> None:
        config, _, checkpoint = path.partition(',')
        if not config or not checkpoint:
            raise UserError('detector mmdet needs two files: mmdet:CONFIG.py,CHECKPOINT.pth')
        # Imported only here, so that the pipeline does without PyTorch.
        if find_spec('mmdet') is None:
            raise UserError('detector mmdet needs MMDetection: docs/install.md')
        from fanet_mmpose.deploy.mmdet_network import load_detector

        loaded, model, self._label = load_detector(Path(config), Path(checkpoint))
        # After `load_detector`, which keeps mmdet's remarks on its optional parts to itself.
        from mmcv.transforms import Compose
        from mmdet.apis import inference_detector
        from mmengine.registry import DefaultScope

        self._model, self._infer = model.to(device), inference_detector
        model.cfg = loaded
        steps = [step for step in loaded.test_pipeline if step['type'] != 'LoadAnnotations']
        with DefaultScope.overwrite_default_scope('mmdet'):
            self._pipeline = Compose([dict(type='LoadImageFromNDArray'), *steps[1:]])
        self.min_score, self.mapping = min_score, mapping or BoxMapping()

    def __call__(self, image: np.ndarray, name: str = '') -> Detections:
        """Faces in `image`; scores are the network's."""
        boxes, scores = self.raw(image)
        return Detections(self.mapping(boxes), scores)

    def raw(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network's own boxes [N, 4], px of the image, and their scores [N]."""
        found = self._infer(self._model, image, self._pipeline).pred_instances.cpu().numpy()
        kept = (found.labels == self._label) & (found.scores >= self.min_score)
        return found.bboxes[kept].astype(float), found.scores[kept].astype(float)
