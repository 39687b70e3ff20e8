"""Work is counted as it can be counted by hand, and rows refer to it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
import torch
from mmengine.analysis import get_model_complexity_info
from torch import nn

from fanet_mmpose.deploy.timed_model import build_timed
from fanet_mmpose.errors import UserError
from projects.speed.roofline import Ceilings, Work, count_work, median_seconds, place


class Small(nn.Module):
    """One convolution and one product, on crops of 32×32."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.fc(self.norm(self.conv(image.float())).mean((2, 3)))


@pytest.mark.parametrize('batch', [1, 3])
def test_work_counted_by_hand(batch: int) -> None:
    with patch('projects.speed.roofline.input_size_of', return_value=(32, 32)):
        work = count_work(Small(), batch)
    conv, product = 8 * 16 * 16 * 27, 8 * 5
    assert work.flops == 2 * batch * (conv + product)
    values = batch * (3 * 32 * 32 + 8 * 16 * 16) + 8 * 27  # the convolution's
    values += batch * (8 + 5) + 8 * 5 + 5  # the product's
    assert work.bytes == 2 * values


def test_work_is_what_mmengine_counts(config: Path) -> None:
    network = build_timed(config)
    width, height = network.codec.input_size
    images = torch.zeros(1, 3, height, width, dtype=torch.uint8)
    macs = get_model_complexity_info(network, inputs=images, show_table=False, show_arch=False)
    assert count_work(network, 1).flops == pytest.approx(2 * macs['flops'], rel=0.2)


def test_the_lower_ceiling_decides() -> None:
    ceilings = Ceilings('cpu', 'CPU', flops=10.0, bytes=2.0)
    assert ceilings.seconds(Work(100, 4)) == 10
    assert ceilings.seconds(Work(10, 40)) == 20


def test_median_of_something_quick() -> None:
    calls = []
    assert median_seconds(lambda: calls.append(0), seconds=0.01) > 0
    assert len(calls) > 5


def test_rows_of_a_network(config: Path) -> None:
    ceilings = Ceilings('cpu', 'CPU', flops=1e12, bytes=1e10)
    with patch('projects.speed.roofline.measure_ceilings', return_value=ceilings):
        _, rows = place([config], [1, 4], 'cpu')
    assert [(row.runtime, row.batch) for row in rows] == [('eager', 1), ('eager', 4)]
    for row in rows:
        assert row.share == pytest.approx(row.floor_ms / row.ms)
        assert row.faces_per_second == pytest.approx(row.batch / row.ms * 1000)
        assert row.bound in ('memory', 'arithmetic')


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(UserError, match='--batches 0'):
        place([], [1, 0], 'cpu')


@pytest.mark.skipif(torch.cuda.is_available(), reason='says what happens without a GPU')
def test_without_a_gpu_it_says_so() -> None:
    with pytest.raises(UserError, match='--device cpu'):
        place([], [1], 'cuda')


def test_from_the_command_line(config: Path, repo: Path, tmp_path: Path) -> None:
    out = tmp_path / 'roofline.json'
    command = [
        sys.executable,
        '-m',
        'projects.speed.tools.roofline',
        str(config),
        '--device',
        'cpu',
    ]
    done = subprocess.run(
        [*command, '--batches', '1', '--out', str(out)],
        cwd=repo,
        capture_output=True,
        text=True,
        check=True,
    )
    content = json.loads(out.read_text())
    assert content['ceilings']['flops'] > 0 and len(content['rows']) == 1
    assert 'of the roofline' in done.stdout
