"""The trunk in bfloat16, the head in float32, one backward pass through both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmpose.models.heads.base_head import BaseHead  # noqa: E402
from mmpose.registry import MODELS  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from projects.arena.float32_head_estimator import Float32HeadEstimator  # noqa: E402

seen: list[torch.dtype] = []


@MODELS.register_module(force=True)
class ConvTrunk(nn.Conv2d):
    """One convolution in a backbone's place."""

    def forward(self, x: Tensor) -> tuple[Tensor]:
        seen.append(super().forward(x).dtype)
        return (super().forward(x),)


@MODELS.register_module(force=True)
class LinearHead(BaseHead):
    """Says in which precision it computed."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 1)

    def forward(self, feats: tuple[Tensor, ...]) -> Tensor:
        return self.layer(feats[-1].mean((2, 3)))

    def predict(self, *arguments: object) -> None:
        """Not needed here."""

    def loss(self, feats: tuple, batch_data_samples: Sequence, train_cfg: dict) -> dict:
        found = self.forward(feats)
        seen.append(found.dtype)
        return dict(loss=found.square().mean())


def test_precisions_and_gradients() -> None:
    seen.clear()
    model = Float32HeadEstimator(
        backbone=dict(type='ConvTrunk', in_channels=3, out_channels=4, kernel_size=3),
        head=dict(type='LinearHead'),
    )
    with torch.autocast('cpu', dtype=torch.bfloat16):
        losses = model.loss(torch.ones(2, 3, 8, 8), [])
    assert seen == [torch.bfloat16, torch.float32]
    losses['loss'].backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())
