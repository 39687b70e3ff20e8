"""Decoding inside the graph."""

from __future__ import annotations

import pytest
import torch

pytest.importorskip('mmdet')
from torch import nn  # noqa: E402

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.face_detector.detector_network import PictureToBoxes  # noqa: E402


def test_boxes_by_hand() -> None:
    distances = torch.tensor([4.0, 3.0, 2.0, 1.0]).expand(2, 3, 4)
    boxes = PictureToBoxes._boxes(distances, 16)
    assert boxes.shape == (6, 4)
    assert boxes[0].tolist() == [-4, -3, 2, 1]
    assert boxes[5].tolist() == [32 - 4, 16 - 3, 32 + 2, 16 + 1]  # row 1, column 2


def test_other_heads_are_named() -> None:
    model = nn.Module()
    model.bbox_head = nn.Linear(1, 1)
    with pytest.raises(UserError, match='the head is Linear.*MMDeploy'):
        PictureToBoxes(model)
