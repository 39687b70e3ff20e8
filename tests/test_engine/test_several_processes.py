"""Processes that talk by gloo train and measure as one process does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from helpers.gloo_job import run_ranks, test_ranks, train_ranks
from helpers.tiny_faces import write_split
from helpers.tiny_fanet import write_checkpoint
from helpers.tiny_training import write_training

from fanet_mmpose.engine.mixed_precision import has_fast_bfloat16

FLOAT32 = "optim_wrapper = dict(type='OptimWrapper')\n"
BFLOAT16 = ''  # as the recipe says; each process's half of a batch is rounded anew
native = pytest.mark.skipif(not has_fast_bfloat16(), reason='the recipe takes float32 here')


def leave_points_out(annotations: Path) -> None:
    """Take the labels of a few points away, other ones of each face."""
    content = json.loads(annotations.read_text())
    for number, face in enumerate(content['annotations']):
        for point in range(5 * number):
            face['keypoints'][3 * point + 2] = 0
    annotations.write_text(json.dumps(content))


def curve(work_dir: Path) -> list[dict[str, float]]:
    """Losses of each iteration in a training's own record."""
    record = next(work_dir.glob('*/vis_data/scalars.json'))
    rows = [json.loads(line) for line in record.read_text().splitlines()]
    return [
        {key: row[key] for key in row if 'loss' in key or key == 'grad_norm'}
        for row in rows
        if 'loss' in row
    ]


@pytest.mark.parametrize(
    ('numbers', 'gradient', 'later'),
    [(FLOAT32, 1e-5, 1e-3), pytest.param(BFLOAT16, 1e-2, 1e-2, marks=native)],
    ids=['float32', 'bfloat16'],
)
def test_the_same_batch_gives_the_same_losses(
    tmp_path: Path, numbers: str, gradient: float, later: float
) -> None:
    """All random draws of the recipe, norms, points without labels; only the batch is shared."""
    config = write_training(tmp_path, epochs=2, more=numbers)
    leave_points_out(tmp_path / 'data' / 'annotations' / 'train.json')
    curves = []
    for world, batch in ((1, 4), (2, 2)):
        work_dir = tmp_path / f'of_{world}'
        options = {'train_dataloader.batch_size': batch}
        run_ranks(world, tmp_path / f'logs_{world}', train_ranks, config, work_dir, options)
        curves.append(curve(work_dir))
    one, two = curves
    assert len(one) == len(two) == 6
    for alone, shared in zip(one, two, strict=True):
        assert shared == pytest.approx(alone, rel=later)
    norms = [first.pop('grad_norm') for first in (one[0], two[0])]
    assert norms[1] == pytest.approx(norms[0], rel=gradient)
    assert two[0] == pytest.approx(one[0], rel=1e-5)


def test_the_same_digits_also_with_fewer_faces_than_processes(tmp_path: Path) -> None:
    config = write_training(tmp_path)
    annotations = write_split(tmp_path / 'data', 'test', 3)
    checkpoint = write_checkpoint(config, tmp_path / 'random.pth')
    content = torch.load(checkpoint, weights_only=True)
    del content['meta']['dataset_meta']  # of points in another order
    torch.save(content, checkpoint)
    found = []
    for world in (1, 2, 5):
        work_dir = tmp_path / f'of_{world}'
        out = work_dir / 'metrics.json'
        run_ranks(world, work_dir, test_ranks, config, checkpoint, work_dir, out)
        found.append(json.loads(out.read_text()))
    assert len(json.loads(annotations.read_text())['annotations']) == 3
    assert found[0] == found[1] == found[2]
    assert found[0]['NME'] > 0
