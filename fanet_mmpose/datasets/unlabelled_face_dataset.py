"""UnlabelledFaceDataset: faces of which only the picture and a box are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS
from mmpose.structures.bbox import bbox_cs2xyxy
from PIL import Image, UnidentifiedImageError

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas.custom import find_schema
from fanet_mmpose.geometry.schemas.point_schema import PointSchema, numbered_names
from fanet_mmpose.images import find_images, load_image

PIXEL_STD = 200.0  # MMPose's unit of `scale` in face annotations, px
EXIF_ORIENTATION, EXIF_TURNED = 0x0112, 5  # from 5 on, width and height change places


def unnamed_schema(num_points: int) -> PointSchema:
    """K points without names, mirror pairs or lines: what is discovered, not drawn."""
    return PointSchema(name=f'unnamed{num_points}', point_names=numbered_names(num_points))


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in px as the picture is loaded, turned as EXIF says; reads the header only.

    Raises:
        UserError: it is missing or no picture.
    """
    try:
        with Image.open(path) as image:
            if image.format == 'TIFF':  # Pillow's size of it may be turned already
                return load_image(path).shape[1::-1]
            turned = image.getexif().get(EXIF_ORIENTATION, 1) >= EXIF_TURNED
            return image.size[::-1] if turned else image.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise UserError(
            f'{path}: cannot be read as an image: restore it, or take it out of the folder'
        ) from error


def read_box(annotation: Mapping[str, Any], field: str | None) -> tuple[np.ndarray, float] | None:
    """Middle [2] and longer side of an annotated face's box, px; None where the box is null.

    Args:
        annotation: of a COCO-style file. `keypoints` is never looked at.
        field: the box's name, x, y, w, h px; None for `center` and `scale` (over 200 px), or
            `bbox` where these are missing.

    Raises:
        UserError: there is no such box, or it is no box.
    """
    try:
        if field is None and 'center' in annotation:
            center, side = annotation['center'], float(annotation['scale']) * PIXEL_STD
        else:
            box = annotation[field or 'bbox']
            if box is None:
                return None
            x, y, w, h = map(float, box)
            center, side = (x + w / 2, y + h / 2), max(w, h)
        center = np.array(center, np.float32).reshape(2)
    except (KeyError, TypeError, ValueError):
        raise UserError(
            f'annotation {annotation.get("id")} has no face box in '
            f'{field or "center and scale, or in bbox"}: add it '
            '(tools/misc/detect_boxes.py), or give '
            'no ann_file to take a share of each picture'
        ) from None
    if not (np.isfinite(center).all() and 0 < side < np.inf):
        raise UserError(f'annotation {annotation.get("id")} has a face box without size')
    return center, side


@DATASETS.register_module()
class UnlabelledFaceDataset(BaseCocoStyleDataset):
    """Pictures of faces without points: the samples of `Face300WDataset`, all points absent.

    With `ann_file`, the pictures and boxes of a COCO-style file; its `keypoints` are never read
    and may be missing. Without, every picture below ``data_prefix['img']``, one face each.

    A sample has ``keypoints`` [1, K, 2] in the middle of its box and ``keypoints_visible``
    [1, K] of 0, so every weight that `LocalCoordinateLabel` makes of it is 0, and it can be
    combined with labelled faces.

    The boxes of many annotation files, 300W's among them, were drawn round the labelled points:
    where a box lies and how large it is tells something of the points. Name a detector's box
    with `box_field` to train on nothing but pictures.

    Args:
        schema (str | int): Point set that the samples leave blank, a name or a YAML file; a number
            K for K unnamed points. Defaults to '300w68'.
        share (float): Side of the face's box over that of the box read; without `ann_file` over the
            picture's longer side, about its middle. Defaults to 1.0.
        box_field (str | None): Annotation field of the box, x, y, w, h px, such as
            ``bbox_detector`` that ``tools/misc/detect_boxes.py`` writes; faces where it is null are
            left out. None for `center` and `scale`, or `bbox` where these are missing. Defaults to
            None.
        metainfo (dict | None): Replaces the schema's own. Defaults to None.
        pipeline (Sequence[dict | Callable]): Transforms. Defaults to ().

    Raises:
        UserError: no picture, no face with a box, or a `share` that is not positive.
    """

    # What is checked before a training: there are no points to be counted.
    HAS_POINTS = False

    def __init__(
        self,
        schema: str | int = '300w68',
        share: float = 1.0,
        box_field: str | None = None,
        metainfo: dict | None = None,
        pipeline: Sequence[dict | Callable] = (),
        **kwargs: Any,
    ) -> None:
        if not share > 0:
            raise UserError(f'UnlabelledFaceDataset.share is {share}: it must be positive')
        self.share, self.box_field = share, box_field
        points = unnamed_schema(schema) if isinstance(schema, int) else find_schema(schema)
        super().__init__(
            metainfo=metainfo or points.to_metainfo(), pipeline=list(pipeline), **kwargs
        )

    def load_data_list(self) -> list[dict]:
        """A sample for each face. Raises `UserError` if there is none."""
        if self.ann_file:
            found = super().load_data_list()
        else:
            paths, _ = find_images([self.data_prefix['img'] or '.'])
            found = [self._whole_picture(path, i) for i, path in enumerate(paths)]
        if not found:
            raise UserError(
                f'{self.ann_file}: no face has a box in {self.box_field or "it"}: detect them '
                'with tools/misc/detect_boxes.py, or name another box_field'
            )
        return found

    def parse_data_info(self, raw_data_info: dict) -> dict | None:
        """Describe one face of the annotation file; None where its box is null."""
        annotation, image = raw_data_info['raw_ann_info'], raw_data_info['raw_img_info']
        try:
            box = read_box(annotation, self.box_field)
        except UserError as error:
            raise UserError(f'{self.ann_file}: {error}') from None
        if box is None:
            return None
        return self._sample(image['img_path'], image['img_id'], annotation['id'], *box)

    def _whole_picture(self, path: Path, number: int) -> dict:
        size = np.array(picture_size(path), np.float32)
        # Pixel centres are at integers, so the middle of w pixels is (w - 1) / 2.
        return self._sample(str(path), number, number, (size - 1) / 2, float(size.max()))

    def _sample(
        self, path: str, image_id: int, face_id: int, center: np.ndarray, side: float
    ) -> dict:
        num_points = self.metainfo['num_keypoints']
        center = center.reshape(1, 2)
        scale = np.full((1, 2), side * self.share, np.float32)
        return {
            'img_id': image_id,
            'img_path': path,
            'bbox': bbox_cs2xyxy(center, scale),
            'bbox_center': center,
            'bbox_scale': scale,
            'bbox_score': np.ones(1, np.float32),
            'num_keypoints': 0,
            'keypoints': np.repeat(center[:, None], num_points, 1),
            'keypoints_visible': np.zeros((1, num_points), np.float32),
            'iscrowd': 0,
            'id': face_id,
        }

    @staticmethod
    def _is_valid_instance(data_info: dict) -> bool:
        # MMPose's own would leave out every face without points.
        return True
