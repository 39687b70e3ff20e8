"""Loads a photograph, or says in one sentence which file is no photograph."""

from __future__ import annotations

import numpy as np
from mmengine import fileio
from mmpose.datasets.transforms.loading import LoadImage
from mmpose.registry import TRANSFORMS

from fanet_mmpose.errors import UserError
from fanet_mmpose.images import decode_image


@TRANSFORMS.register_module()
class LoadFaceImage(LoadImage):
    """MMPose's `LoadImage`, same arguments and keys, by the rules of `fanet_mmpose.images`.

    A `UserError` for a file that is missing or cannot be decoded survives the trip out of a
    data-loader worker. Grey or unchanged pictures, and other decoders than OpenCV, if asked for,
    are left to MMPose.
    """

    def transform(self, results: dict) -> dict:
        path = results.get('img_path')
        try:
            ours = self.color_type == 'color' and self.imdecode_backend == 'cv2'
            if ours and results.get('img') is None:
                results = {**results, 'img': self._load(str(path))}
                results['img_shape'] = results['ori_shape'] = results['img'].shape[:2]
                return results
            loaded = super().transform(results)
        except Exception as error:
            loaded, reason = None, error
        else:
            reason = None
        if loaded is None or loaded.get('img') is None:
            raise UserError(
                f'{path}: cannot be read as an image (missing, truncated or corrupt): '
                'restore the file, or take it out of the annotation file'
            ) from reason
        return loaded

    def _load(self, path: str) -> np.ndarray:
        """[H, W, 3], from wherever the backend reads."""
        encoded = fileio.get(path, backend_args=self.backend_args)
        image = decode_image(np.frombuffer(encoded, np.uint8), path)
        return image.astype(np.float32) if self.to_float32 else image
