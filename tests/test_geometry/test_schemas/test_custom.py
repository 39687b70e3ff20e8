"""Point sets from YAML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.blob_model import INFO

from fanet_mmpose.deploy.model_info import info_from_metadata
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.geometry.schemas import (
    get_schema,
    load_schema,
    schema_from_fields,
    schema_to_fields,
)

GOOD = """
name: mask3
points: [left_eye, right_eye, nose]
flip_pairs: [[left_eye, right_eye]]
skeleton: [[0, 2], [right_eye, nose]]
parts: {eyes: [0, 1], nose: [nose]}
eye_corners: [[0], [1]]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / 'points.yaml'
    path.write_text(text, encoding='utf-8')
    return path


def test_names_and_numbers(tmp_path: Path) -> None:
    schema = load_schema(write(tmp_path, GOOD))
    assert schema.flip_indices.tolist() == [1, 0, 2]
    assert schema.skeleton == ((0, 2), (1, 2))
    assert schema.parts == {'eyes': (0, 1), 'nose': (2,)}
    assert schema.pupils is None


def test_count_instead_of_names(tmp_path: Path) -> None:
    schema = load_schema(write(tmp_path, 'name: four\npoints: 4\nflip_pairs: [[0, 3]]'))
    assert schema.point_names == ('kpt-0', 'kpt-1', 'kpt-2', 'kpt-3')


@pytest.mark.parametrize(
    'text, message',
    [
        ('[1, 2]', 'mapping'),
        ('name: a', '"points" is missing'),
        ('points: 3', '"name" is missing'),
        ('name: [', 'cannot read'),
        (GOOD + 'color: red', "unknown field 'color'"),
        ('name: a\npoints: 3\nflip_pairs: [[0, 1, 2]]', 'needs 2 points'),
        ('name: a\npoints: 3\nflip_pairs: [[0, 9]]', 'names point 9'),
        ('name: a\npoints: [x, y]\nflip_pairs: [[x, z]]', "'z' is not in"),
        ('name: a\npoints: 3\nflip_pairs: 7', 'wrong form'),
        ('name: a\npoints: 3\npupils: [[0]]', 'left and right'),
        ('name: a\npoints: 3\nparts: [0]', 'wrong form'),
        ('name: a\npoints: 3\nparts: {eyes: left}', 'a list of points'),
        ('name: a\npoints: -3', 'no points'),
    ],
)
def test_bad_file_names_itself_and_the_field(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError, match=message) as caught:
        load_schema(path)
    assert str(path) in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='cannot read'):
        load_schema(tmp_path / 'none.yaml')


def test_fields_round_trip() -> None:
    lapa = schema_from_fields(schema_to_fields(get_schema('lapa106')), 'here')
    assert lapa.joint_weights == get_schema('lapa106').joint_weights
    assert (
        lapa.to_metainfo()['keypoint_info'] == get_schema('lapa106').to_metainfo()['keypoint_info']
    )
    mine = schema_from_fields({'name': 'two', 'points': ['a', 'b']}, 'here')
    assert schema_from_fields(schema_to_fields(mine), 'here') == mine


HUGE = 1_000_000_000


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        (f'name: a\npoints: {HUGE}', '1000000000 points: a set has 1 to'),
        ('name: a\npoints: 10' + '0' * 200, 'points: a set has 1 to'),
        ('name: a\npoints: 3\nflip_pairs: [[0, 1' + '0' * 30 + ']]', 'names point'),
        ('name: &a [x]\npoints: *a', 'has YAML aliases'),
        ('a: &a [x]\n' + '\n'.join(f'{b}: &{b} [*{a}, *{a}]' for a, b in ('ab', 'bc')), 'aliases'),
        ('name: ' + '[' * 1200 + ']' * 1200, 'nested too deeply'),
        ('name: !!python/object/apply:os.getcwd []\npoints: 3', 'cannot read this schema'),
        ('name: a\npoints: 3\n' + '#' * 1_000_000, 'more than 1000000 bytes'),
    ],
)
def test_bounds_come_before_anything_is_built(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said) as caught:
        load_schema(write(tmp_path, text))
    assert len(str(caught.value)) < 700


def test_results_and_models_have_the_same_bounds(tmp_path: Path) -> None:
    fields = {'name': 'a', 'points': HUGE}
    content = {'format': 'fanet_mmpose.results', 'version': 1, 'schema': fields, 'faces': [{}]}
    (tmp_path / 'r.json').write_text(json.dumps(content))
    with pytest.raises(UserError, match=r'r\.json: schema: 1000000000 points: a set has 1 to'):
        load_results(tmp_path / 'r.json')
    metadata = {**INFO.to_metadata(), 'fanet.schema': 'a', 'fanet.points': json.dumps(fields)}
    with pytest.raises(UserError, match=r'a\.onnx: 1000000000 points'):
        info_from_metadata(metadata, 'a.onnx')
