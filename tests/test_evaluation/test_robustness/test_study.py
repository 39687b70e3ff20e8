"""The bench on a subject that is known: right everywhere but where the picture is dark."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.robustness.backgrounds import parts_of_scenes, skimage_pictures
from fanet_mmpose.evaluation.robustness.faces import annotated, chosen, drawn_turns, whole_face
from fanet_mmpose.evaluation.robustness.measure import false_faces, measure
from fanet_mmpose.evaluation.robustness.page import draw_page
from fanet_mmpose.evaluation.robustness.study import earlier_studies, study, wrong_box
from fanet_mmpose.inference.detectors import Detections

POINTS = np.random.default_rng(0).uniform(40, 120, (68, 2))


class Knows:
    """Gives the same points whatever it sees, unless it is dark."""

    name = 'knows'

    def find(self, image: np.ndarray) -> list[np.ndarray]:
        return [POINTS + 1] if image.mean() > 50 else []

    def inside(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        return POINTS


def bright(value: int = 200) -> np.ndarray:
    return np.full((160, 160, 3), value, np.uint8)


def test_found_missed_and_errors() -> None:
    faces = [whole_face(bright(), POINTS), whole_face(bright(0), POINTS)]
    row = measure(Knows(), faces)
    eyes = np.linalg.norm(POINTS[45] - POINTS[36])
    assert row['missed'] == 0.5
    assert row['nme68'] == pytest.approx(100 * np.sqrt(2) / eyes, abs=1e-3)
    assert row['fr10'] == 50  # what is missed has failed
    assert row['true_nme51'] == 0
    assert false_faces(Knows(), [bright(), bright(0), bright(0), bright(0)]) == 0.25


def test_the_whole_bench_and_its_page(tmp_path: Path) -> None:
    faces = [whole_face(bright(), POINTS)]
    one = study(Knows(), faces, {'yaw': {'0': faces}}, [bright(0)])
    dark = {row['level']: row['missed'] for row in one['curves']['darkness']}
    assert dark[1] == 0
    assert dark[0.05] == 1
    assert len(one['curves']['rotation']) == 24
    assert one['curves']['box shift'][-1]['true_nme68'] == 0
    assert one['false_faces'] == 0
    draw_page([one, {**one, 'name': 'again'}], tmp_path / 'page.png')
    assert (tmp_path / 'page.png').stat().st_size > 1000


def test_earlier_curves_need_the_same_faces(tmp_path: Path) -> None:
    path, how = tmp_path / 'robustness.json', {'faces': 'val.json', 'limit': '20'}
    path.write_text(json.dumps({'how': how, 'studies': [{'name': 'knows'}]}))
    assert earlier_studies(path, how) == [{'name': 'knows'}]
    with pytest.raises(UserError, match='limit 20, this run has 3'):
        earlier_studies(path, {**how, 'limit': '3'})
    with pytest.raises(UserError, match='is missing or no robustness.json'):
        earlier_studies(tmp_path / 'none.json', how)


def test_wrong_boxes() -> None:
    moved = wrong_box(np.array([0.0, 0, 10, 20]), np.array([0.5, 0]), 2.0)
    assert moved.tolist() == [5, -10, 25, 30]


def test_drawn_faces_by_their_turn() -> None:
    turns = drawn_turns(1)
    assert {'yaw', 'pitch'} == set(turns)
    assert all(len(own) == 1 for kind in turns.values() for own in kind.values())


def test_parts_are_away_from_every_suspect() -> None:
    image = np.arange(400 * 600 * 3, dtype=np.uint32).reshape(400, 600, 3)
    suspect = lambda _: Detections([[0, 0, 300, 400]], [1])  # noqa: E731
    parts = list(parts_of_scenes([(image, [])] * 20, [suspect], 0))
    assert all(part[0, 0, 0] // 3 % 600 >= 300 for part in parts)
    assert list(parts_of_scenes([(image, [np.array([0, 0, 600, 400])])] * 3, [], 0)) == []
    assert all(one.shape[2] == 3 and one.dtype == np.uint8 for one in skimage_pictures())


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='give a COCO-style'):
        chosen(tmp_path / 'none.json', 3)


def test_faces_with_a_box_alone_are_chosen_but_have_no_points(tmp_path: Path) -> None:
    path = tmp_path / 'annotations' / 'boxes.json'
    path.parent.mkdir()
    face = dict(id=1, image_id=1, bbox=[0, 0, 9, 9])
    path.write_text(json.dumps(dict(images=[dict(id=1, file_name='a.png')], annotations=[face])))
    assert chosen(path, 3) == [(tmp_path / 'a.png', face)]
    with pytest.raises(UserError, match='annotation 1: "keypoints" is not'):
        annotated(path, 3)
