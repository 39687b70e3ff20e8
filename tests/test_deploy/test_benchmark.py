"""Timings are of what was asked for, and refer to the first model."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import patch

import pytest
import torch

from fanet_mmpose.deploy.benchmark import BenchmarkOptions, benchmark, format_rows, time_calls
from fanet_mmpose.errors import UserError


def test_calls_are_timed_one_by_one() -> None:
    taken = time_calls(lambda: time.sleep(0.01), seconds=0.05)
    assert 1 <= len(taken) <= 6
    assert min(taken) >= 0.01


def test_ours_and_a_peer_in_one_table(config: Path, repo: Path) -> None:
    peer = repo / 'projects/arena/configs/arena' / 'resnet18_heatmap_300w.py'
    options = BenchmarkOptions((1, 2), (1,), ('pytorch', 'onnx'), seconds=0.02, rounds=2)
    rows = benchmark([config, peer], options)
    assert [(row.model, row.runtime, row.batch) for row in rows] == [
        (name, runtime, batch)
        for runtime in ('pytorch', 'onnx')
        for batch in (1, 2)
        for name in ('tiny_300w', 'resnet18_heatmap_300w')
    ]
    for ours, theirs in zip(rows[::2], rows[1::2], strict=True):
        assert ours.ratio == 1
        assert theirs.ratio == pytest.approx(theirs.p50 / ours.p50)
        assert theirs.p50 <= theirs.p95
        assert theirs.faces_per_second == pytest.approx(theirs.batch / theirs.p50 * 1000)
    assert len(format_rows(rows).splitlines()) == 2 + len(rows)


def test_compiled_by_pytorch_too(config: Path) -> None:
    options = BenchmarkOptions((1,), (1,), ('compile',), seconds=0.02, rounds=1)
    with patch('torch.compile', side_effect=lambda network: network) as compiled:
        (row,) = benchmark([config], options)
    assert row.runtime == 'compile' and compiled.call_count == 1


def test_what_cannot_be_timed(tmp_path: Path) -> None:
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match='runtime cuda: PyTorch finds no GPU'):
            benchmark([], BenchmarkOptions(runtimes=('cuda',)))
    with pytest.raises(UserError, match='unknown runtime'):
        benchmark([], BenchmarkOptions(runtimes=('tensorrt',)))
    empty = tmp_path / 'empty.py'
    empty.write_text('a = 1')
    with pytest.raises(UserError, match='field model is missing'):
        benchmark([empty], BenchmarkOptions())
