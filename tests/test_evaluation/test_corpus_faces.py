"""The output of `fanet annotate` is scored as a results file is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.evaluation.results_file import load_results

POINTS = np.random.default_rng(0).uniform(10, 60, (68, 2))


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    keypoints = np.column_stack([POINTS, np.full(68, 2)]).ravel().tolist()
    images = [{'id': n, 'file_name': f'test/{n}.jpg', 'width': 80, 'height': 80} for n in (0, 1)]
    faces = [{'id': n, 'image_id': n, 'keypoints': keypoints, 'bbox': [10, 10, 50, 50],
              'category_id': 1, 'iscrowd': 0, 'area': 1} for n in (0, 1)]  # fmt: skip
    path = tmp_path / 'truth.json'
    path.write_text(json.dumps({'images': images, 'annotations': faces, 'categories': []}))
    return path


def test_the_face_that_overlaps_is_taken_and_a_lacking_one_is_missed(
    annotations: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'out'
    out.mkdir()
    job = {'format': 'fanet_mmpose.corpus', 'version': 1, 'model': 'm', 'point_schema': '300w68'}
    (out / '_fanet_job.json').write_text(json.dumps(job))
    ones = [1.0] * 68
    rows = [
        {'source': 'a', 'key': 'a/test/0.jpg', 'face': number, 'points': points.ravel().tolist(),
         'scores': ones, 'scales': ones}
        for number, points in enumerate((POINTS + 500, POINTS + 1))
    ]  # fmt: skip
    rows.append({'source': 'a', 'key': 'a/test/1.jpg'})
    (out / 'part-000000000.jsonl').write_text('\n'.join(map(json.dumps, rows)))
    results = load_results(out, annotations)
    assert results.missed.tolist() == [False, True]
    np.testing.assert_allclose(results.predicted[0], POINTS + 1, atol=1e-4)
