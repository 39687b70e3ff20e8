"""Each operator counts once, and what is profiled is the training."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip('mmpose')

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from projects.speed.training_profile import (  # noqa: E402
    REST,
    kind_of,
    profile_training,
    shares_of,
)
from tests.helpers.tiny_faces import write_split  # noqa: E402
from tests.helpers.tiny_fanet import write_config  # noqa: E402

from .test_training_speed import TRAINED  # noqa: E402


@pytest.mark.parametrize(
    ('operator', 'kind'),
    [
        ('aten::convolution_backward', 'convolutions'),
        ('aten::native_batch_norm', 'norms'),
        ('aten::addmm', 'attention and matrix products'),
        ('aten::_log_softmax', 'softmax, exponentials, maxima'),
        ('aten::_fused_adamw_', 'optimizer and averaged weights'),
        ('aten::add_', 'sums and products of numbers'),
        ('aten::copy_', 'copies and casts'),
        ('aten::max_pool2d_with_indices', 'pooling, resampling, sampling'),
        ('aten::view', REST),
    ],
)
def test_the_kind_of_an_operator(operator: str, kind: str) -> None:
    assert kind_of(operator) == kind


def test_shares_are_of_one_iteration_and_sum_to_a_hundred() -> None:
    shares = shares_of([('aten::convolution', 6.0), ('aten::conv_x', 2.0)], iterations=2)
    assert [(row.kind, row.ms, row.percent) for row in shares[:2]] == [
        ('convolutions', 3, 75),
        (REST, 1, 25),
    ]
    assert sum(row.percent for row in shares) == 100


def test_a_training_is_profiled(tmp_path: Path) -> None:
    write_split(tmp_path / 'data', 'train', 8)
    config = write_config(tmp_path / 'tiny.py', more=TRAINED.format(root=tmp_path / 'data'))
    found = profile_training(load_config(config), 8)
    convolutions = next(row for row in found.shares if row.kind == 'convolutions')
    assert 0 < convolutions.ms < found.wall_ms and 0 < found.busy <= 1.01 and found.cpu_ms > 0
    with pytest.raises(UserError, match='3 faces do not fill a batch of 4'):
        profile_training(load_config(config), 3)
