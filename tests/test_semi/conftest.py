"""A small mean-teacher network, and faces that it is shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.structures import InstanceData  # noqa: E402
from mmpose.datasets.datasets.utils import parse_pose_metainfo  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402
from mmpose.registry import MODELS  # noqa: E402
from mmpose.structures import PoseDataSample  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.geometry.schemas import get_schema  # noqa: E402

SIZE, POINTS = 64, 68
NETWORK = dict(
    data_preprocessor=dict(
        type='PoseDataPreprocessor', mean=[127.0] * 3, std=[64.0] * 3, bgr_to_rgb=True
    ),
    backbone=dict(
        type='ResNet', depth=18, stem_channels=8, base_channels=8, out_indices=(0, 1, 2, 3)
    ),
    neck=dict(
        type='SPPNeck', in_channels=(8, 16, 32, 64), out_channels=16, in_stride=4, out_stride=4
    ),
    head=dict(
        type='LocalCoordinateHead',
        in_channels=16,
        num_keypoints=POINTS,
        attention=dict(type='LandmarkAttention', embed_dims=16),
        decoder=dict(type='LocalCoordinateLabel', input_size=(SIZE, SIZE), stride=4),
    ),
    test_cfg=dict(flip_test=False),
)


@pytest.fixture(scope='module', autouse=True)
def in_mmpose_scope(mmpose_scope: None) -> None:
    """For every test of this folder."""


def build_network(seed: int = 0, **options: object):
    """A small `MeanTeacherFANet` with random weights, refinement included."""
    torch.manual_seed(seed)
    model = build_pose_estimator(dict(type='MeanTeacherFANet', **NETWORK, **options))
    torch.nn.init.normal_(model.head.refine.weight, std=0.05)
    return model


@pytest.fixture
def network() -> Callable:
    """`build_network`."""
    return build_network


@pytest.fixture
def plain_network():
    """The same network as a plain `TopdownPoseEstimator`."""
    return MODELS.build(dict(type='TopdownPoseEstimator', **NETWORK))


def make_sample(rng: np.random.Generator, labelled: bool) -> PoseDataSample:
    """A face with random labels; an unlabelled one has the teacher's view, too."""
    labels = InstanceData(
        keypoint_cells=rng.integers(0, SIZE // 4, (1, POINTS, 2)),
        keypoint_offsets=rng.uniform(-0.5, 0.5, (1, POINTS, 2)).astype(np.float32),
        keypoint_weights=np.full((1, POINTS), labelled, np.float32),
        keypoint_visibility=np.ones((1, POINTS), np.float32),
    )
    metainfo = parse_pose_metainfo(get_schema('300w68').to_metainfo())
    flip_indices = list(metainfo['flip_indices'])
    sample = PoseDataSample(metainfo=dict(flip_indices=flip_indices, flip=False))
    sample.gt_instance_labels = labels.to_tensor()
    if not labelled:
        sample.set_metainfo(
            dict(
                teacher_view=rng.integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8),
                teacher_to_student=np.array([[0.9, 0.1, 2.0], [-0.1, 0.9, 3.0]]),
            )
        )
    return sample


@pytest.fixture
def batch() -> tuple[torch.Tensor, list[PoseDataSample]]:
    """Two labelled faces and two without labels, normalised crops."""
    rng = np.random.default_rng(0)
    samples = [make_sample(rng, labelled) for labelled in (True, False, True, False)]
    inputs = torch.from_numpy(rng.normal(size=(4, 3, SIZE, SIZE)).astype(np.float32))
    return inputs, samples
