"""The results file: round trip, other tools' files, and every way to be wrong."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.results_file import load_results, save_results
from fanet_mmpose.evaluation.summary import summarize
from fanet_mmpose.geometry.schemas import PointSchema

from .samples import make_samples, write_annotations

ARRAYS = ('predicted', 'truth', 'visibility', 'scores', 'scales', 'visible_scores', 'boxes')


def test_round_trip(tmp_path: Path, results: Results) -> None:
    path = tmp_path / 'new' / 'results.json'
    save_results(results, path, summarize(results))
    stored = load_results(path)
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(stored, name), getattr(results, name), atol=1e-4)
    assert stored.norm_boxes is None
    for name in ('model', 'dataset', 'schema', 'protocol', 'attributes'):
        assert getattr(stored, name) == getattr(results, name), name
    assert list(stored.ids) == list(results.ids)
    assert summarize(stored)['all']['nme'] == pytest.approx(summarize(results)['all']['nme'], 1e-4)
    assert not list(path.parent.glob('*.partial*'))


def test_file_is_strict_json(tmp_path: Path, results: Results) -> None:
    save_results(results, tmp_path / 'r.json', {'value': float('nan')})
    content = json.loads((tmp_path / 'r.json').read_text(), parse_constant=pytest.fail)
    assert content['summary'] == {'value': None}
    assert content['faces'][3]['predicted'] is None


def test_custom_schema_travels_inside(tmp_path: Path) -> None:
    schema = PointSchema('pair', ('a', 'b'), flip_pairs=((0, 1),), eye_corners=((0,), (1,)))
    points = np.array([[[0.0, 0], [10, 0]]])
    results = Results(
        model='m',
        dataset='d',
        schema=schema,
        protocol=load_minimal(tmp_path).protocol,
        ids=['x'],
        images=['x.jpg'],
        predicted=points + 1,
        truth=points,
        visibility=np.full((1, 2), 2),
    )
    save_results(results, tmp_path / 'pair.json')
    assert load_results(tmp_path / 'pair.json').schema == schema


def minimal() -> dict[str, Any]:
    points = [[float(i), 2.0] for i in range(5)]
    face = {'image': 'a.jpg', 'predicted': points, 'truth': [[*point] for point in points]}
    return {'format': 'fanet_mmpose.results', 'version': 1, 'schema': 'mtfl5', 'faces': [face]}


def load_minimal(folder: Path, change: Callable[[dict], object] = lambda content: None) -> Results:
    content = minimal()
    change(content)
    path = folder / 'theirs.json'
    path.write_text(json.dumps(content))
    return load_results(path)


def test_minimal_file_of_another_tool(tmp_path: Path) -> None:
    results = load_minimal(tmp_path)
    assert results.model == 'theirs'
    assert results.scores is None
    assert results.protocol.line().count('not stated') == 5
    assert summarize(results)['all']['nme'] == 0


def test_face_not_found(tmp_path: Path) -> None:
    results = load_minimal(tmp_path, lambda c: c['faces'][0].update(predicted=None))
    assert summarize(results)['all']['fr']['10'] == 100


@pytest.mark.parametrize(
    'change, message',
    [
        (lambda c: c.update(format='coco'), 'not a results file .*fanet annotate'),
        (lambda c: c.update(version=9), 'version 9'),
        (lambda c: c.update(schema='dlib'), 'unknown point schema'),
        (lambda c: c.update(schema=5), '"schema" must be'),
        (lambda c: c.update(schema={'name': 'x'}), '"points" is missing'),
        (lambda c: c.update(faces=[]), '"faces" must be'),
        (lambda c: c.update(faces={'a': 1}), '"faces" must be'),
        (lambda c: c.update(faces=[3]), '"faces" must be'),
        (lambda c: c.update(protocol=[1]), '"protocol" must be'),
        (lambda c: c.update(protocol={'box': 1}), 'unknown entry'),
        (lambda c: c['faces'][0].pop('predicted'), r'faces\[0\] has no "predicted"'),
        (lambda c: c['faces'][0].pop('truth'), r'faces\[0\] has no "truth"'),
        (lambda c: c['faces'][0]['predicted'].pop(), r'faces\[0\].predicted has shape'),
        (lambda c: c['faces'][0].update(predicted='here'), 'numbers only'),
        (lambda c: c['faces'][0].update(predicted=[[1, 2], [3]]), 'numbers only'),
        (lambda c: c['faces'][0]['truth'][0].__setitem__(0, float('nan')), 'NaN'),
        (lambda c: c['faces'][0].update(scores=[1, 2]), r'faces\[0\].scores has shape'),
        (lambda c: c['faces'][0].update(visibility=[1]), r'faces\[0\].visibility'),
        (lambda c: c['faces'][0].update(attributes=[1]), 'attributes'),
        (lambda c: c['faces'][0].update(attributes={'a': [1]}), 'texts or numbers'),
        (lambda c: c['faces'][0].update(box=[1, 2]), r'faces\[0\].box has shape'),
        (lambda c: c['faces'][0].update(box_size='big'), r'faces\[0\].box_size'),
        (lambda c: c['faces'][0].update(id=[1]), r'faces\[0\].id'),
    ],
)
def test_wrong_content(tmp_path: Path, change: Callable[[dict], object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_minimal(tmp_path, change)


@pytest.mark.parametrize('content', [b'', b'{"format": ', b'[]', b'\xff\xfe\x00', b'nan'])
def test_no_json(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / 'bad.json'
    path.write_bytes(content)
    with pytest.raises(UserError, match='bad.json'):
        load_results(path)


def predictions_only(folder: Path, faces: list[dict]) -> Path:
    content = {**minimal(), 'schema': '300w68', 'faces': faces}
    path = folder / 'theirs.json'
    path.write_text(json.dumps(content))
    return path


def test_truth_from_annotations(tmp_path: Path) -> None:
    samples = make_samples(4)
    file = write_annotations(tmp_path / 'val.json', samples, blur=[0, 1, 0, 1])
    faces = [
        {'id': s['id'], 'predicted': s['pred_instances']['keypoints'][0].tolist()} for s in samples
    ]
    by_id = load_results(predictions_only(tmp_path, faces[::-1]), file)
    assert list(by_id.ids) == [1, 2, 3, 4]
    assert by_id.attributes['blur'] == [0, 1, 0, 1]
    faces = [{'image': f'val/{f["id"]}.jpg', 'predicted': f['predicted']} for f in faces]
    by_image = load_results(predictions_only(tmp_path, faces), file)
    np.testing.assert_array_equal(by_image.predicted, by_id.predicted)


def test_a_face_left_out_was_not_found(tmp_path: Path) -> None:
    samples = make_samples(4)
    file = write_annotations(tmp_path / 'val.json', samples)
    face = {'id': 2, 'predicted': samples[1]['pred_instances']['keypoints'][0].tolist()}
    results = load_results(predictions_only(tmp_path, [face]), file)
    assert results.missed.tolist() == [True, False, True, True]


def test_annotations_that_do_not_fit(tmp_path: Path) -> None:
    file = write_annotations(tmp_path / 'val.json', make_samples(2))
    path = predictions_only(tmp_path, [{'id': 77, 'predicted': None}])
    with pytest.raises(UserError, match='fits 0 annotations'):
        load_results(path, file)
    path = predictions_only(tmp_path, [{'id': 1, 'predicted': None}] * 2)
    with pytest.raises(UserError, match=r'faces\[1\].*second prediction'):
        load_results(path, file)
    small = write_annotations(tmp_path / 'small.json', make_samples(2, 5))
    path = predictions_only(tmp_path, [{'id': 1, 'predicted': None}])
    with pytest.raises(UserError, match='5 points, but schema 300w68'):
        load_results(path, small)


def test_wrong_shapes_are_refused(results: Results) -> None:
    with pytest.raises(UserError, match='scores has shape'):
        dataclasses.replace(results, scores=np.ones((3, 68)))
