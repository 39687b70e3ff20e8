"""A real job is run, watched and timed."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

pytest.importorskip('psutil')
pytest.importorskip('pyarrow')

from fanet_mmpose.errors import UserError  # noqa: E402
from projects.speed.annotate_speed import AnnotateRun, drift, run_annotate  # noqa: E402
from tests.helpers.blob_model import picture_with_spots, write_blob_model  # noqa: E402


def test_a_run_is_counted_and_timed(tmp_path: Path) -> None:
    model, folder = write_blob_model(tmp_path / 'blob.onnx'), tmp_path / 'in'
    folder.mkdir()
    for number in range(6):
        spot = picture_with_spots([(20 + number, 20)], radius=8, shape=(64, 64))
        cv2.imwrite(str(folder / f'{number}.png'), spot)
    options = ['--model', str(model), '--detector', 'whole_image', '--passes', '1']
    run = run_annotate([str(folder), *options], 1, interval=0.1)
    assert (run.inputs, run.faces) == (6, 6)
    assert (run.rows, run.twice, run.lost) == (6, 0, 0)
    assert 0 < run.cpu_per_input < 20 and 0 < run.inputs_per_second < 1000
    assert max(size for *_, size in run.samples) > 20
    with pytest.raises(UserError, match='exit code 2'):
        run_annotate([str(tmp_path / 'no'), *options], 1, interval=1)


def test_drift_is_the_slope_after_the_warm_up() -> None:
    samples = [(0.0, count, 50.0, 100 + count / 1000 + 50 * (count > 0)) for count in range(0, 11)]
    run = AnnotateRun(1, inputs=10, samples=samples)
    assert drift(run) == pytest.approx(100)
    with pytest.raises(UserError, match='too few samples'):
        drift(AnnotateRun(1, inputs=10, samples=samples[:2]))
