"""A folder of pictures: good files come through, bad ones are named."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.folder import FolderOptions, process_images, unique_names
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tables import OF_FACE


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    folder = tmp_path / 'in'
    folder.mkdir()
    for index, centers in enumerate([[(80.0, 80.0)], [], [(60.0, 60.0), (200.0, 150.0)]]):
        cv2.imwrite(str(folder / f'{index}.png'), picture_with_spots(centers))
    (folder / 'text.jpg').write_text('no picture')
    return [*sorted(folder.iterdir()), folder / 'missing.png']


def test_good_files_are_processed_and_bad_ones_named(
    pictures: list[Path], landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'out'
    *_, outcome = process_images(landmarker, pictures, out, FolderOptions(batch=2))
    assert [len(faces) for faces in outcome.found.values()] == [1, 0, 2]
    assert outcome.num_faces == 3
    assert len(outcome.failed) == 2
    assert 'text.jpg' in outcome.failed[0] and 'missing.png' in outcome.failed[1]
    written = {path.name for path in out.iterdir()}
    assert written == {'0.jpg', '1.jpg', '2.jpg', 'landmarks.json', 'landmarks.csv'}


def test_tables_hold_every_point(
    pictures: list[Path], landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'out'
    options = FolderOptions(schema='300w51', pictures=False)
    *_, outcome = process_images(landmarker, pictures, out, options)
    images = json.loads((out / 'landmarks.json').read_text())['images']
    rows = list(csv.DictReader((out / 'landmarks.csv').open()))
    assert len(rows) == 3 * 51
    last = images[-1]['faces'][1]
    assert last['schema'] == '300w51'
    assert [float(rows[-1]['x']), float(rows[-1]['y'])] == last['points'][-1]
    assert [float(rows[-1][name]) for name in OF_FACE] == [last[name] for name in OF_FACE]
    assert not list(out.glob('*.jpg'))


def test_applications_go_into_their_tables(
    pictures: list[Path], landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'out'
    options = FolderOptions(schema='300w51', applications=('pose', 'eyes'))
    list(process_images(landmarker, pictures[:3], out, options))
    images = json.loads((out / 'landmarks.json').read_text())['images']
    first = images[0]['faces'][0]
    assert first['schema'] == '300w51' and 'yaw' in first['pose'] and 'mouth' not in first
    rows = list(csv.DictReader((out / 'faces.csv').open()))
    assert [(row['image'], row['face']) for row in rows] == [
        (str(pictures[0]), '0'), (str(pictures[2]), '0'), (str(pictures[2]), '1')
    ]  # fmt: skip
    assert float(rows[0]['pose_yaw']) == first['pose']['yaw']
    assert float(rows[0]['eye_left_sigma']) == first['eyes']['left']['sigma']


def test_boxes_written_are_boxes_read(
    pictures: list[Path], landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    *_, first = process_images(landmarker, pictures[:3], tmp_path / 'a', FolderOptions())
    landmarker.detector = build_detector(f'precomputed:{tmp_path / "a" / "landmarks.json"}')
    *_, again = process_images(landmarker, pictures[:3], tmp_path / 'b', FolderOptions())
    for name, faces in first.found.items():
        for one, other in zip(faces, again.found[name], strict=True):
            assert np.allclose(one.points, other.points, atol=0.01)


def test_equal_names_do_not_overwrite_each_other() -> None:
    names = unique_names([Path('a/x.png'), Path('b/x.jpg'), Path('c/x_2.jpg'), Path('y.png')])
    assert len(set(names.values())) == 4
    assert names[Path('a/x.png')] == 'x.jpg'


def test_a_picture_is_not_overwritten_by_its_drawing(
    pictures: list[Path], landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    own = tmp_path / 'own.jpg'
    cv2.imwrite(str(own), picture_with_spots([(80.0, 80.0)]))
    before = own.read_bytes()
    with pytest.raises(UserError, match='own.jpg: is one of the pictures'):
        next(process_images(landmarker, [pictures[0], own], tmp_path, FolderOptions()))
    assert own.read_bytes() == before and not (tmp_path / '0.jpg').exists()
    *_, outcome = process_images(landmarker, [own], tmp_path, FolderOptions(pictures=False))
    assert outcome.num_faces == 1 and own.read_bytes() == before
