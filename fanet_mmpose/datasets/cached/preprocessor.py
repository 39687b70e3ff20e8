"""CachedFacesPreprocessor: from numbers of faces to a normalised batch and its targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.models.data_preprocessors import PoseDataPreprocessor
from mmpose.registry import KEYPOINT_CODECS, MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from fanet_mmpose.codecs.local_coordinate_label import LocalCoordinateLabel
from fanet_mmpose.datasets.cached.augmentation import Augmentation
from fanet_mmpose.datasets.cached.face_store import FaceStore
from fanet_mmpose.datasets.cached.placement import place
from fanet_mmpose.datasets.cached.warp import warp
from fanet_mmpose.errors import UserError


@MODELS.register_module()
class CachedFacesPreprocessor(PoseDataPreprocessor):
    """`PoseDataPreprocessor` that also takes batches of `CachedFaces`, and augments them.

    Batches of other datasets, validation's for instance, are treated as ever. On a GPU the
    pictures of the cache move there with the first batch.

    Args:
        encoder (dict): `LocalCoordinateLabel`, the head's; its `input_size` is the crops'.
        augment (Sequence[Mapping[str, Any]]): Configs of the loader's random transforms, in its
            order (see `Augmentation`). Defaults to ().
        **base: Of `PoseDataPreprocessor`.

    Raises:
        UserError: another codec, or a transform without a counterpart.
    """

    def __init__(
        self, encoder: dict, augment: Sequence[Mapping[str, Any]] = (), **base: Any
    ) -> None:
        super().__init__(**base)
        self.codec = KEYPOINT_CODECS.build(encoder)
        if not isinstance(self.codec, LocalCoordinateLabel):
            raise UserError(
                f'CachedFacesPreprocessor.encoder is {encoder["type"]}: it must be '
                'LocalCoordinateLabel; train other heads without CachedFaces'
            )
        self.augmentation = Augmentation(augment)
        self._there: tuple[FaceStore, Tensor] | None = None

    def forward(self, data: dict, training: bool = False) -> dict:
        """`inputs` [B, 3, h, w] and, of a cached batch, one sample that has the labels of all B."""
        if 'faces' not in data:
            return super().forward(data, training)
        with torch.autocast(self.device.type, enabled=False):  # grey levels have 8 bits, as well
            return self._prepare(data)

    def _prepare(self, data: Mapping[str, Any]) -> dict:
        faces, index, draws = data['faces'], data['index'], data['draws'].numpy()
        placed = self.augmentation.place(place(faces, index.numpy()), draws)
        matrices = placed.matrices(self.codec.input_size)
        points = placed.points_in(matrices)
        crops = warp(
            self._images(faces), index, placed.from_pictures(matrices), self.codec.input_size
        )
        crops = self.augmentation.change_pixels(crops, draws)
        visible = placed.visible
        if placed.weights is not None:  # the labels say what can be seen
            visible = visible * ~self.augmentation.occluded(draws, points, self.codec.input_size)
        labels = self._encode(points, visible, placed.weights)
        return dict(inputs=self._normalise(crops), data_samples=[labels])

    def _images(self, faces: FaceStore) -> Tensor:
        """The cache's pictures, where the model is."""
        if self.device.type == 'cpu':
            return faces.images
        # A loader's workers send another object each time, of the same shared memory.
        if self._there is None or self._there[0].images.data_ptr() != faces.images.data_ptr():
            self._there = faces, faces.images.to(self.device)
        return self._there[1]

    def _normalise(self, crops: Tensor) -> Tensor:
        if self._channel_conversion:
            crops = crops[:, [2, 1, 0]]
        if self._enable_normalize:
            crops = crops.sub(self.mean).div_(self.std)
        return crops

    def _encode(
        self, points: np.ndarray, visible: np.ndarray, weights: np.ndarray | None
    ) -> PoseDataSample:
        """The codec's targets of all faces; heads put samples together along the faces."""
        encoded = self.codec.encode(points, visible, weights)
        labels = InstanceData()
        for name, packed in self.codec.label_mapping_table.items():
            labels.set_field(torch.from_numpy(encoded[name]).to(self.device), packed)
        sample = PoseDataSample()
        sample.gt_instance_labels = labels
        return sample
