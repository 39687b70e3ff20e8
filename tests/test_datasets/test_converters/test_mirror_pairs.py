"""Mirror pairs that are not those of the faces are said: a training would mix the points up."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters.mirror_pairs import wrong_pair
from fanet_mmpose.datasets.converters.records import FaceRecord
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.kind_files import SCHEMA, face, picture, run, table

pytestmark = pytest.mark.usefixtures('no_contact_sheet')
PAIRS = 'flip_pairs: [[left_eye, right_eye], [left_brow, right_brow], [left_mouth, right_mouth]]\n'


def records_of(schema: Path, count: int, keep: slice = slice(None)) -> list[FaceRecord]:
    """Faces of which only the points in `keep` are labelled."""
    flags = np.zeros(7, int)
    flags[keep] = 2
    return [
        FaceRecord(f'{i}.jpg', Path(f'{i}.jpg'), face(schema, i), flags, 'train', f'{i}')
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ('pairs', 'said'),
    [
        (((0, 1), (2, 3), (5, 6)), ''),
        ((), 'stay where it is'),
        (((0, 1), (2, 3)), 'mouth lies on'),
        (((0, 6), (1, 5), (2, 3)), 'lie on'),
    ],
)
def test_wrong_pairs_are_named(pairs: tuple, said: str, schema: Path) -> None:
    points = replace(load_schema(schema), flip_pairs=pairs)
    sentence = wrong_pair(records_of(schema, 12), points)
    assert said in sentence and bool(said) == bool(sentence)


def test_few_faces_and_points_of_one_side_are_not_judged(schema: Path) -> None:
    unpaired = replace(load_schema(schema), flip_pairs=())
    assert not wrong_pair(records_of(schema, 11), unpaired)
    assert not wrong_pair(records_of(schema, 12, slice(0, 6, 2)), unpaired)


def test_a_conversion_says_it(schema: Path) -> None:
    rows = [[f'{i}.jpg', *face(schema, i).ravel()] for i in range(16)]
    assert PAIRS in SCHEMA
    schema.write_text(SCHEMA.replace(PAIRS, ''))
    files = {f'{i}.jpg': picture(i) for i in range(16)}
    run(schema, {**files, 'points.csv': table(rows)})
    summary = json.loads((schema.parent / 'out' / 'summary.json').read_text())
    assert 'let it stay where it is' in summary['wrong_pair']
