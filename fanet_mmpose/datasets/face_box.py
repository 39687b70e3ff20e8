"""FaceBox: which box the crop is made from. The choice moves an NME as much as a network does."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box, xyxy_to_xywh

FIELDS = {'rectangle': 'bbox_rect', 'detector': 'bbox_detector'}
SOURCES = ('points', *FIELDS)
MISSING = ('error', 'points')


@TRANSFORMS.register_module()
class FaceBox(BaseTransform):
    """Replace the face's box before `GetBBoxCenterScale`.

    As in MMPose's face datasets, the crop's scale is the longer side of the box, both ways.

    Args:
        source (str): ``'points'``: the tight box of the labelled ground-truth points (flatters: it
            knows the answer); ``'rectangle'``: the box that the dataset ships; ``'detector'``: a
            detector's output, stored in the annotations. Defaults to 'points'.
        field (str | None): Annotation field of the box, x, y, w, h px; by default ``bbox_rect`` for
            rectangles and ``bbox_detector`` for detectors. Defaults to None.
        ann_file (str | None): The annotations; needed where the dataset does not pass on
            ``raw_ann_info``. Defaults to None.
        missing (str): What happens to a face without that box: ``'error'``, or ``'points'``, which
            takes the points' box; say how many there were (``tools/misc/detect_boxes.py`` does).
            Defaults to 'error'.

    Required keys: ``keypoints``, ``keypoints_visible`` for points; else ``id`` or
    ``raw_ann_info``. Written keys: ``bbox`` [1, 4] xyxy, ``bbox_center`` and ``bbox_scale``
    [1, 2], all px of the image.

    Raises:
        UserError: unknown source, or a face without that box.
    """

    def __init__(
        self,
        source: str = 'points',
        field: str | None = None,
        ann_file: str | None = None,
        missing: str = 'error',
    ) -> None:
        if source not in SOURCES:
            raise UserError(f'FaceBox: unknown source {source!r}; one of {", ".join(SOURCES)}')
        if missing not in MISSING:
            raise UserError(f'FaceBox: unknown missing {missing!r}; one of {", ".join(MISSING)}')
        self.source = source
        self.missing = missing
        self.field = field or FIELDS.get(source, '')
        self.ann_file = ann_file
        # Read before data-loader workers are forked, which then share it.
        read = ann_file is not None and source != 'points'
        self._boxes = (
            {key: face.fields.get(self.field) for key, face in load_annotations(ann_file).items()}
            if read
            else {}
        )

    def transform(self, results: dict) -> dict:
        """Write the box of `results`' face."""
        x, y, w, h = self._points_box(results) if self.source == 'points' else self._stored(results)
        results['bbox'] = np.array([[x, y, x + w, y + h]], np.float32)
        results['bbox_center'] = np.array([[x + w / 2, y + h / 2]], np.float32)
        results['bbox_scale'] = np.full((1, 2), max(w, h), np.float32)
        return results

    def _points_box(self, results: dict) -> np.ndarray:
        visible = np.asarray(results['keypoints_visible'])
        # [1, K], or [1, K, 2] with the weight, 1 where labelled, in the last place.
        labelled = (visible[..., -1] if visible.ndim == 3 else visible) > 0
        box = xyxy_to_xywh(tight_box(results['keypoints'], labelled)[0])
        if not np.isfinite(box).all():
            raise UserError(f'FaceBox: {self._name(results)} has no labelled point')
        return box

    def _stored(self, results: dict) -> np.ndarray:
        raw = results.get('raw_ann_info') or {}
        stored = self._boxes.get(results.get('id'), raw.get(self.field))
        if stored is None and self.missing == 'points':
            return self._points_box(results)
        if stored is None or np.size(stored) != 4 or min(stored[2:]) <= 0:
            hint = '' if self.ann_file else ' (give FaceBox the ann_file)'
            raise UserError(f'FaceBox: {self._name(results)} has no box {self.field!r}{hint}')
        return np.asarray(stored, float)

    @staticmethod
    def _name(results: dict) -> str:
        return f'face {results.get("id")} of {results.get("img_path")}'
