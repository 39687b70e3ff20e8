"""`SyntheticFaceDataset`: faces drawn on demand, in the format of MMPose's face data sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.datasets.datasets.face import (
    AFLWDataset,
    COFWDataset,
    Face300WDataset,
    WFLWDataset,
)
from mmpose.registry import DATASETS

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_conversion, get_schema
from fanet_mmpose.synthetic.coco_annotation import SEEN, coco_annotation
from fanet_mmpose.synthetic.renderer import SyntheticFace, render_face
from fanet_mmpose.synthetic.variety import make_variety

STOCK_DATASETS: dict[str, type[BaseCocoStyleDataset]] = {
    'wflw98': WFLWDataset,
    '300w68': Face300WDataset,
    'cofw29': COFWDataset,
    'aflw19': AFLWDataset,
}
_SMALLEST, _LARGEST = 32, 512


@DATASETS.register_module()
class SyntheticFaceDataset(BaseCocoStyleDataset):
    """An endless, seeded supply of drawn faces with points; nothing is read from disk.

    Sample `index` depends on (seed, epoch, index) only, whatever the worker or process. A sample
    has the fields that the stock data set of the schema yields, its picture in ``img``, and
    ``head_pose`` (yaw, pitch, roll in degrees).

    Args:
        schema (str): 'wflw98', '300w68', 'cofw29', 'aflw19' or another set that 98 points convert
            to. Defaults to '300w68'.
        num_samples (int): Number of faces in an epoch. Defaults to 1000.
        seed (int): Use different ones for training and validation. Defaults to 0.
        image_size (int): Width and height of the pictures, px, 32 to 512. The tight box round the
            98 points has a longer side of 0.42 to 0.6 of it. Defaults to 224.
        variety (Mapping[str, float] | None): Knobs of `Variety`, e.g. ``dict(yaw=90,
            glasses=0.5)``. Defaults to None.
        fresh_each_epoch (bool): Draw other faces in each epoch; needs `FreshFacesHook`, or calls of
            `set_epoch`. Defaults to False.
        with_visibility (bool): ``keypoints_visible`` is [1, K, 2]: seen, labelled (always 1); for
            training a visibility branch. Otherwise it is [1, K] and all 1, as in the stock sets.
            Defaults to False.
        metainfo (dict | None): Replaces the schema's own. Defaults to None.
        pipeline (Sequence[dict | Callable]): Transforms; `LoadImage` finds the picture in memory.
            Defaults to ().
        test_mode (bool): As in MMPose. Defaults to False.

    Raises:
        UserError: an argument is out of its range.
    """

    def __init__(
        self,
        schema: str = '300w68',
        num_samples: int = 1000,
        seed: int = 0,
        image_size: int = 224,
        variety: Mapping[str, float] | None = None,
        fresh_each_epoch: bool = False,
        with_visibility: bool = False,
        metainfo: dict | None = None,
        pipeline: Sequence[dict | Callable] = (),
        test_mode: bool = False,
        **kwargs: Any,
    ) -> None:
        if num_samples < 1:
            raise UserError(f'SyntheticFaceDataset needs num_samples of at least 1: {num_samples}')
        if seed < 0:
            raise UserError(f'SyntheticFaceDataset needs a seed of at least 0: {seed}')
        if not _SMALLEST <= image_size <= _LARGEST:
            raise UserError(f'image_size must be {_SMALLEST} to {_LARGEST} px: {image_size}')
        # Fails here, not in a worker, where there is no way to the schema.
        get_conversion('wflw98', schema)
        self.schema = schema
        self.num_samples = num_samples
        self.seed = seed
        self.image_size = image_size
        self.variety = make_variety(variety)
        self.fresh_each_epoch = fresh_each_epoch
        self.with_visibility = with_visibility
        # In shared memory: workers that outlive an epoch see the next one, too.
        self._epoch = torch.zeros(1, dtype=torch.int64).share_memory_()
        super().__init__(
            metainfo=metainfo or get_schema(schema).to_metainfo(),
            pipeline=list(pipeline),
            test_mode=test_mode,
            **kwargs,
        )

    def set_epoch(self, epoch: int) -> None:
        """Choose the faces of this epoch, if they are to differ."""
        self._epoch[0] = epoch if self.fresh_each_epoch else 0

    def load_data_list(self) -> list[dict]:
        """A number for each face; faces are drawn when asked for."""
        return [{'id': number} for number in range(self.num_samples)]

    def draw(self, index: int) -> SyntheticFace:
        """The face with this index in the current epoch."""
        return render_face((self.seed, int(self._epoch[0]), index), self.image_size, self.variety)

    def get_data_info(self, idx: int) -> dict:
        """Draw face `idx` and describe it as the stock data set would."""
        data_info = super().get_data_info(idx)
        number = data_info['id']
        face = self.draw(number)
        name = f'{number:08d}.png'
        height, width = face.image.shape[:2]
        raw_image = {'id': number, 'file_name': name, 'img_path': name,
                     'width': width, 'height': height}  # fmt: skip
        annotation = coco_annotation(face, self.schema, number)
        stock = STOCK_DATASETS.get(self.schema, Face300WDataset)
        parsed = stock.parse_data_info(
            self, {'raw_ann_info': annotation, 'raw_img_info': raw_image}
        )
        if self.with_visibility:
            flags = np.array(annotation['keypoints'], dtype=np.float32).reshape(1, -1, 3)[..., 2]
            parsed['keypoints_visible'] = np.stack(
                [flags == SEEN, np.ones_like(flags)], axis=-1
            ).astype(np.float32)
        return {
            **data_info,
            **parsed,
            'img': face.image,
            'img_shape': (height, width),
            'ori_shape': (height, width),
            'head_pose': np.array(annotation['head_pose'], dtype=np.float32),
        }
