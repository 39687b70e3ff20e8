"""Pieces of a results file; whatever is in it, the reader answers with results or a sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from helpers.json_damage import damaged
from hypothesis import given, settings

from fanet_mmpose.datasets.annotations import FaceAnnotation
from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results_fields import align_faces, read_field, to_array
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.evaluation.summary import summarize

POINTS = [[float(i), float(i % 3)] for i in range(5)]
DOCUMENT = {
    'format': 'fanet_mmpose.results',
    'version': 1,
    'model': 'm',
    'schema': 'mtfl5',
    'protocol': {'padding': 1.25, 'input_size': [64, 64], 'flip_test': False},
    'faces': [
        {
            'id': 1,
            'image': 'a.jpg',
            'predicted': POINTS,
            'truth': POINTS,
            'visibility': [2, 2, 2, 1, 0],
            'scores': [0.5] * 5,
            'box': [0, 0, 5, 5],
            'box_size': 5,
            'attributes': {'blur': 1},
        },
        {'id': 2, 'predicted': None, 'truth': POINTS, 'attributes': {'blur': 0}},
    ],
}


@settings(deadline=None, derandomize=True, max_examples=150)
@given(content=damaged(DOCUMENT))
def test_damage_gives_a_sentence_or_results(
    content: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / 'damaged.json'
    path.write_text(json.dumps(content))
    with suppress(UserError):
        summarize(load_results(path))


def face(key: int, image: str) -> FaceAnnotation:
    return FaceAnnotation(key, image, np.zeros((5, 2)), np.full(5, 2))


def test_alignment_by_id_as_text_and_by_image() -> None:
    known = [face(7, 'a.jpg'), face(8, 'b.jpg'), face(9, 'b.jpg')]
    given_faces = [{'id': '9', 'n': 1}, {'image': 'a.jpg', 'n': 2}]
    aligned = align_faces(given_faces, known, 'x.json')
    assert [f.get('n') for f in aligned] == [2, None, 1]
    assert aligned[1] == {'predicted': None}


def test_image_with_two_faces_needs_the_id() -> None:
    known = [face(8, 'b.jpg'), face(9, 'b.jpg')]
    with pytest.raises(UserError, match='fits 2 annotations'):
        align_faces([{'image': 'b.jpg'}], known, 'x.json')


def test_null_rows_are_nan() -> None:
    array = read_field([{'box': None}, {'box': [1, 2, 3, 4]}], 'box', (4,), 'x.json')
    assert np.isnan(array[0]).all()
    assert array[1].tolist() == [1, 2, 3, 4]
    assert read_field([{}, {}], 'box', (4,), 'x.json') is None


def test_scalar_field() -> None:
    assert to_array(3, (), 'x').shape == ()
    with pytest.raises(UserError, match='x has shape'):
        to_array([3], (), 'x')
