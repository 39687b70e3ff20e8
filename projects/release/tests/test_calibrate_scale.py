"""One factor makes predicted scales right and moves no point."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers.tiny_fanet import write_checkpoint, write_config

from fanet_mmpose.deploy.network import CropToLandmarks, load_network
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_file import FORMAT, VERSION
from projects.release.calibrate_scale import calibrate_scale, scale_factor


def write_results(path: Path, times: float, said: bool = True) -> Path:
    """Faces whose errors are Laplacian, `times` as large as their predicted scales say."""
    rng = np.random.default_rng(0)
    truth = rng.uniform(20, 220, (200, 68, 2))
    scales = rng.uniform(1, 4, (200, 68))
    predicted = truth + rng.laplace(0, 1, truth.shape) * times * scales[..., None]
    faces = [
        dict(
            id=index,
            image=f'{index}.jpg',
            predicted=predicted[index].tolist(),
            truth=truth[index].tolist(),
            **(dict(scales=scales[index].tolist()) if said else {}),
        )
        for index in range(len(truth))
    ]
    content = dict(format=FORMAT, version=VERSION, model='m', dataset='d', schema='300w68')
    path.write_text(json.dumps(dict(content, faces=faces)))
    return path


@pytest.mark.parametrize('times', [0.5, 1.2])
def test_the_factor_is_what_the_errors_are_larger_by(tmp_path: Path, times: float) -> None:
    assert scale_factor(write_results(tmp_path / 'r.json', times)) == pytest.approx(times, rel=0.02)


def test_scales_grow_and_points_stay(tmp_path: Path) -> None:
    config = write_config(tmp_path / 'tiny_300w.py')
    checkpoint = write_checkpoint(config, tmp_path / 'epoch_1.pth')
    results, out = write_results(tmp_path / 'r.json', 1.2), tmp_path / 'new' / 'epoch_1.pth'
    factor = calibrate_scale(config, checkpoint, results, out)
    image = torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8)
    before, after = (
        CropToLandmarks(load_network(config, path)[1])(image) for path in (checkpoint, out)
    )
    assert torch.equal(before[0], after[0])
    torch.testing.assert_close(after[3], factor * before[3])
    assert (after[1] < before[1]).all()  # larger errors, lower scores
    content = torch.load(out, weights_only=True)
    assert set(content) == {'meta', 'state_dict'}
    assert content['meta']['dataset_meta']['num_keypoints'] == 68


def test_results_without_scales_leave_nothing_behind(tmp_path: Path) -> None:
    config = write_config(tmp_path / 'tiny_300w.py')
    checkpoint = write_checkpoint(config, tmp_path / 'epoch_1.pth')
    results, out = write_results(tmp_path / 'r.json', 1, said=False), tmp_path / 'new.pth'
    with pytest.raises(UserError, match='r.json: has no predicted scales'):
        calibrate_scale(config, checkpoint, results, out)
    assert not out.exists()
