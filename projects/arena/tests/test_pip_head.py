"""PIPNet's head: neighbours, targets, and points found again."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.structures import InstanceData  # noqa: E402
from mmpose.structures import PoseDataSample  # noqa: E402

from fanet_mmpose.codecs.local_coordinate_label import LocalCoordinateLabel  # noqa: E402
from projects.arena.pip_head import PIPHead, gather_cells, nearest_neighbors  # noqa: E402

DECODER = dict(type='LocalCoordinateLabel', input_size=(128, 128), stride=32)


def sample(points: np.ndarray) -> PoseDataSample:
    found = PoseDataSample()
    labels = LocalCoordinateLabel((128, 128), 32).encode(points, np.ones(points.shape[:2]))
    found.gt_instance_labels = InstanceData(**labels).to_tensor()
    return found


def test_neighbors_are_near_and_never_the_point_itself() -> None:
    neighbors = nearest_neighbors('300w68', 10)
    assert neighbors.shape == (68, 10)
    assert not (neighbors == torch.arange(68)[:, None]).any()
    assert set(neighbors[60].tolist()) <= set(range(48, 68))  # a mouth corner's are the mouth's


def test_gathers_what_is_in_the_cell() -> None:
    maps = torch.arange(2 * 3 * 2 * 4 * 5).reshape(2, 3, 2, 4, 5)
    cells = torch.tensor([[[4, 1], [0, 3], [2, 2]]] * 2)
    found = gather_cells(maps, cells)
    assert found[1, 0, 1] == maps[1, 0, 1, 1, 4]
    assert found[0, 1, 0] == maps[0, 1, 0, 3, 0]


def test_learns_to_find_the_points() -> None:
    torch.manual_seed(0)
    head = PIPHead(64, '300w68', DECODER)
    points = np.random.default_rng(0).uniform(4, 124, (2, 68, 2)).astype(np.float32)
    samples = [sample(points[index : index + 1]) for index in range(2)]
    feats = [torch.randn(2, 64, 4, 4)]
    optimizer = torch.optim.Adam(head.parameters(), lr=0.05)
    slower = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.97)
    for _ in range(150):
        optimizer.zero_grad()
        sum(head.loss(feats, samples).values()).backward()
        optimizer.step()
        slower.step()
    with torch.no_grad():
        found = np.concatenate([face.keypoints for face in head.predict(feats, samples)])
    assert np.abs(found - points).mean() < 1
