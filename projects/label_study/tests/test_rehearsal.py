"""The set that plays the photographs, and the truth that plays the annotator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.datasets.converters.custom import custom_reader
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box, xyxy_to_xywh
from fanet_mmpose.geometry.schemas import PointSchema, get_schema, schema_from_fields, shared_points
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.labelling.labelme_files import write_labelme
from fanet_mmpose.labelling.options import ProposeOptions
from fanet_mmpose.labelling.pictures import collect_pictures
from fanet_mmpose.labelling.prefill import DraftLabel
from projects.label_study.choice_study import write_choices
from projects.label_study.rehearsal import answer_labels, convert_truth, play_photographs

OWN = schema_from_fields(
    {'name': 'own2', 'points': ['nose', 'chin'], 'sources': {'300w68': {'nose': 30, 'chin': 8}}},
    'own.yml',
)


@pytest.fixture
def truth(drawn_set: Path) -> Path:
    return drawn_set / 'annotations' / 'train.json'


def test_photographs_come_with_bad_ones(
    truth: Path, drawn_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('projects.label_study.rehearsal.JUNK', 2)
    written = play_photographs(truth, drawn_set, tmp_path / 'photos', 4, seed=0)
    assert written == len(list((tmp_path / 'photos').rglob('*.*'))) == 4 + 4 * 2
    found = collect_pictures(tmp_path / 'photos', 24)
    assert sorted(each.reason for each in found.skipped) == (
        ['duplicate'] * 2 + ['tiny'] * 2 + ['unreadable'] * 2
    )
    assert all('/' not in name or 'noise' in name for name in found.usable)
    with pytest.raises(UserError, match='are asked for'):
        play_photographs(truth, drawn_set, tmp_path / 'more', 400, seed=0)


def test_answers_are_the_truth_whatever_the_draft_was(truth: Path, tmp_path: Path) -> None:
    face = next(iter(load_annotations(truth).values()))
    name = Path(face.image).name
    draft = DraftLabel(name, 192, 192, np.array([[5.0, 5.0], [np.nan] * 2]), np.array([0, 0, 9, 9]))
    write_labelme(tmp_path, [draft], OWN.point_names)
    (tmp_path / name).write_bytes(b'picture')
    expected = face.points[[30, 8]]
    moved = answer_labels(tmp_path, truth, OWN)
    assert moved == pytest.approx(np.linalg.norm(expected[0] - 5), abs=0.01)
    (row,) = custom_reader()(Source([tmp_path], tmp_path / 'scratch'), OWN)
    np.testing.assert_allclose(row.points, expected, atol=0.01)
    assert row.rect is not None  # one face: the points joined the group of its box
    with pytest.raises(UserError, match='there is no LabelMe file'):
        answer_labels(tmp_path / 'nothing', truth, OWN)


def test_truth_with_ones_own_points_is_boxed_by_them(truth: Path, tmp_path: Path) -> None:
    count = convert_truth(truth, OWN, tmp_path / 'own.json')
    before, after = load_annotations(truth), load_annotations(tmp_path / 'own.json')
    assert count == len(after) == len(before)
    shared = shared_points(get_schema('300w68'), OWN)
    for number, face in after.items():
        np.testing.assert_allclose(face.points, shared(before[number].points))
        np.testing.assert_allclose(face.fields['bbox'], xyxy_to_xywh(tight_box(face.points)))
    strange = PointSchema('own1', ('ear',), sources={'300w68': ((0,),), 'mtfl5': ((1,),)})
    assert convert_truth(truth, strange, tmp_path / 'ear.json') == count
    with pytest.raises(UserError, match='chin has no source'):
        partly = PointSchema('own3', ('nose', 'chin'), sources={'300w68': ((30,), ())})
        convert_truth(truth, partly, tmp_path / 'none.json')


def test_choices_are_sets_of_one_size(
    photos: Path, truth: Path, landmarker: FaceLandmarker, repo: Path, tmp_path: Path
) -> None:
    schema = str(repo / 'configs/semi/own_faces/own12.yml')
    options = ProposeOptions(photos, tmp_path / 'sets', num=3, val=0, schema=schema)
    from fanet_mmpose.geometry.schemas import find_schema

    convert_truth(truth, find_schema(schema), tmp_path / 'own.json')
    found = write_choices(options, landmarker, tmp_path / 'own.json', ('uncertain', 'random'), [0])
    by_rule = {row['rule']: row for row in found['sets']}
    assert by_rule['uncertain']['uncertainty_percent'] >= by_rule['random']['uncertainty_percent']
    assert -1 <= found['rank_correlation'] <= 1 and 0 < found['guess_error_percent'] < 20
    for rule in by_rule:
        written = json.loads((options.out / f'{rule}_0.json').read_text())
        assert len(written['images']) == len(written['annotations']) == 3
