"""Loads a photograph, or says in one sentence which file is no photograph."""

from __future__ import annotations

from mmpose.datasets.transforms.loading import LoadImage
from mmpose.registry import TRANSFORMS

from fanet_mmpose.errors import UserError


@TRANSFORMS.register_module()
class LoadFaceImage(LoadImage):
    """MMPose's `LoadImage`, same arguments and keys, with a `UserError` for a file that is missing
    or cannot be decoded. It survives the trip out of a data-loader worker."""

    def transform(self, results: dict) -> dict:
        path = results.get('img_path')
        try:
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
