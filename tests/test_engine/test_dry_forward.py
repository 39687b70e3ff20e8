"""Parts that do not fit are named with the shapes between them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from fanet_mmpose.codecs.local_coordinate_label import LocalCoordinateLabel
from fanet_mmpose.engine.dry_forward import check_map_size, check_model, describe, input_size_of
from fanet_mmpose.errors import UserError


class TwoMaps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2, padding=1)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        first = self.conv(images)
        return first, first[..., ::2, ::2]


class Last(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.decoder = SimpleNamespace(input_size=(32, 64))

    def forward(self, maps: tuple[Tensor, ...]) -> Tensor:
        return self.norm(maps[-1])


class Estimator(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.backbone = TwoMaps()
        self.head = Last(channels)


def test_fitting_parts_pass_and_nothing_changes() -> None:
    estimator = Estimator(4).train()
    before = {name: value.clone() for name, value in estimator.state_dict().items()}
    check_model(estimator)
    assert all(part.training for part in estimator.modules())
    assert all(torch.equal(before[name], value) for name, value in estimator.state_dict().items())


def test_parts_that_do_not_fit_are_named_with_shapes() -> None:
    with pytest.raises(UserError) as caught:
        check_model(Estimator(5))
    sentence = str(caught.value)
    assert 'model.head (Last)' in sentence
    assert 'model.backbone (TwoMaps)' in sentence
    assert '2 map(s) [4×32×16, 4×16×8]' in sentence
    assert '\n' not in sentence


def test_modes_come_back_after_a_failure() -> None:
    estimator = Estimator(5).train()
    with pytest.raises(UserError):
        check_model(estimator)
    assert estimator.head.norm.training


def test_input_size_is_the_decoders() -> None:
    assert input_size_of(Estimator(4)) == (32, 64)
    assert input_size_of(nn.Linear(1, 1)) == (256, 256)


def test_description_of_one_map() -> None:
    assert describe(torch.zeros(2, 3, 4, 5)) == '1 map(s) [3×4×5] (channels×height×width)'


def head_with(decoder: object) -> nn.Module:
    head = nn.Identity()
    head.decoder = decoder
    return head


def landmarks(height: int, width: int) -> SimpleNamespace:
    return SimpleNamespace(score_map=torch.zeros(1, 5, height, width))


@pytest.mark.parametrize(
    ('side', 'stride', 'cells'), [(64, 4, 16), (64, 8, 8), (66, 4, 16), (66, 4, 17), (63, 4, 16)]
)
def test_a_map_of_the_codecs_stride_passes(side: int, stride: int, cells: int) -> None:
    check_map_size(head_with(LocalCoordinateLabel((side, side), stride)), landmarks(cells, cells))


@pytest.mark.parametrize(
    ('height', 'width'), [(8, 8), (32, 32), (2, 2), (16, 8), (8, 16), (18, 16)]
)
def test_a_map_of_another_stride_is_named(height: int, width: int) -> None:
    with pytest.raises(UserError, match=f'map has {width}×{height} cells.*stride=4.*16×16'):
        check_map_size(head_with(LocalCoordinateLabel((64, 64), 4)), landmarks(height, width))


def test_stock_heatmaps_are_compared_too() -> None:
    head = head_with(SimpleNamespace(heatmap_size=(16, 24)))
    check_map_size(head, torch.zeros(1, 5, 24, 16))
    with pytest.raises(UserError, match=r'heatmaps of 8×12 cells.*heatmap_size=\(16, 24\)'):
        check_map_size(head, torch.zeros(1, 5, 12, 8))


def test_heads_without_a_map_are_left_alone() -> None:
    check_map_size(nn.Identity(), torch.zeros(1, 5, 24, 16))
    check_map_size(head_with(SimpleNamespace(heatmap_size=(16, 24))), torch.zeros(1, 5, 2))
    check_map_size(head_with(LocalCoordinateLabel((64, 64), 4)), (torch.zeros(1, 5, 9, 9), None))
