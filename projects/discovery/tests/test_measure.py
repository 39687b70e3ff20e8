"""From a config and a checkpoint to numbers; no face is both fitted on and scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from helpers.tiny_discovery import write_discovery  # noqa: E402

from fanet_mmpose.datasets.held_out import is_held_out  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from projects.discovery.face_points import frame_points, split_faces  # noqa: E402
from projects.discovery.measure import Request, measure, summarize  # noqa: E402
from projects.discovery.measure_table import format_row, format_scores  # noqa: E402

LINEAR_PROBE = """
faces = dict(
    type='UnlabelledFaceDataset', data_root={root!r}, data_prefix=dict(img='images/'),
    ann_file='annotations/train.json', schema=30, pipeline=_base_.val_pipeline, test_mode=True)
linear_probe = dict(
    _delete_=True,
    noise=dict(schema='300w68', faces=dict(dataset=faces)),
    wrong=dict(schema='mtfl5', faces=dict(dataset=faces)))
"""


@pytest.fixture(scope='module')
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('measure')
    return write_discovery(folder, faces=40, more=LINEAR_PROBE.format(root=f'{folder}/'))


def test_all_linear_probes_are_made_and_written_as_json(config: Path) -> None:
    result = json.loads(json.dumps(measure(Request(config, 'untrained', nums=(1, 5), draws=2))))
    assert [row['faces'] for row in result['scores']] == [1, 1, 5, 5, result['faces_fit']]
    assert result['num_points'] == 30
    assert result['faces_fit'] + result['faces_held_out'] < 40
    assert list(summarize(result)) == [1, 5, result['faces_fit']]
    assert format_scores(result).count('\n| ') == 4  # a head and three rows
    row = format_row('twice', [result, result], 'forward_mean')
    assert row.count('± 0.00') == 3 and row.startswith('| twice |')


def test_a_template_does_not_look_at_pictures(config: Path) -> None:
    first, second = (
        measure(Request(config, 'template', nums=(), part=part, seed=seed))
        for part, seed in (('val', 0), ('val', 1))
    )
    assert first['scores'] == second['scores']
    assert first['failures']['swapped'] == 0


def test_a_checkpoint_is_measured_and_another_networks_is_refused(
    config: Path, tmp_path: Path
) -> None:
    from fanet_mmpose.engine.configs import load_config
    from projects.discovery.measure import load_model

    model = load_model(load_config(config), 'untrained', seed=3)
    path = tmp_path / 'own.pth'
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    same = measure(Request(config, str(path), nums=()))
    assert same['scores'] == measure(Request(config, 'untrained', nums=(), seed=3))['scores']
    torch.save(dict(state_dict={'head.score.bias': torch.zeros(7)}, meta={}), path)
    with pytest.raises(UserError, match='own.pth'):
        measure(Request(config, str(path)))


def test_unknown_faces_and_another_schema_are_refused(config: Path) -> None:
    with pytest.raises(UserError, match="no linear_probe 'other' but noise, wrong"):
        measure(Request(config, 'untrained', faces='other'))
    with pytest.raises(UserError, match='has 68 points and the schema mtfl5 5'):
        measure(Request(config, 'untrained', faces='wrong'))


def test_the_test_part_is_what_the_training_holds_out() -> None:
    faces = {i: dict(image=f'train/{i:05d}.jpg', source=f'web/{i // 2}_0.jpg') for i in range(200)}
    sides = split_faces(faces)
    assert sorted(sides['fit'] + sides['val'] + sides['test']) == list(range(200))
    assert sides['test'] == [i for i in faces if is_held_out(faces[i]['image'], 10)]
    strict = split_faces(faces, photograph=r'web/(\d+)_')
    seen = {i // 2 for i in strict['fit'] + strict['val']}
    assert strict['test'] == [i for i in sides['test'] if i // 2 not in seen]
    assert len(strict['test']) < len(sides['test'])


def test_the_frame_of_the_crop() -> None:
    points = np.array([[[50.0, 60.0], [60.0, 40.0]]])
    framed = frame_points(points, np.array([[50.0, 60.0]]), np.array([40.0]))
    np.testing.assert_allclose(framed, [[[0.5, 0.5], [0.75, 0.0]]])
