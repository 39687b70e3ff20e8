"""Landmarks land where the face is, in pixels of the original picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.blob_model import picture_with_spots
from skimage import data

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.detectors import Detections, build_detector
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import TrackerOptions


def middles(faces: list) -> np.ndarray:
    return np.array([face.points.mean(0) for face in faces])


def test_points_are_pixels_of_the_picture(landmarker: FaceLandmarker) -> None:
    centers = [(70.0, 90.0), (220.0, 150.0)]
    faces = landmarker(picture_with_spots(centers))
    assert np.sort(middles(faces), 0) == pytest.approx(np.sort(centers, 0), abs=0.3)
    # The stand-in's points span its crop less the padding: as much as the detector's box.
    size = np.ptp(faces[0].points, axis=0)
    assert size == pytest.approx([80, 80], rel=0.02)
    assert faces[0].scales[0] == pytest.approx(100 / 64, rel=1e-3)
    assert faces[0].schema == '300w68'


def test_no_face_is_an_empty_list(landmarker: FaceLandmarker) -> None:
    for shape in ((100, 100), (1, 1)):
        assert landmarker(np.zeros((*shape, 3), np.uint8)) == []


def test_a_face_that_leaves_the_picture(landmarker: FaceLandmarker) -> None:
    faces = landmarker(picture_with_spots([(5.0, 120.0)]))
    assert len(faces) == 1
    assert faces[0].box[0] < 0
    assert faces[0].points[:, 0].min() < 0
    assert faces[0].draw(picture_with_spots([(5.0, 120.0)])).any()


def test_another_pass_looks_round_the_points(landmarker: FaceLandmarker) -> None:
    image = picture_with_spots([(100.0, 100.0)])
    landmarker.passes = 1
    once = landmarker(image)[0]
    assert (once.box[:2] + once.box[2:]) / 2 == pytest.approx([106, 106], abs=0.5)
    landmarker.passes = 2
    face = landmarker(image)[0]
    assert (face.box[:2] + face.box[2:]) / 2 == pytest.approx([100, 100], abs=0.5)


def test_batches_give_what_single_pictures_give(landmarker: FaceLandmarker) -> None:
    pictures = [
        picture_with_spots([(60.0 + 20 * i, 90.0) for i in range(0, 3 * n, 3)]) for n in (1, 0, 2)
    ]
    together = list(landmarker.many(pictures, batch=2))
    assert [len(faces) for faces in together] == [1, 0, 2]
    for image, faces in zip(pictures, together, strict=True):
        alone = landmarker(image)
        assert len(alone) == len(faces)
        for one, other in zip(alone, faces, strict=True):
            assert one.points == pytest.approx(other.points, abs=1e-3)


def test_faces_of_a_low_score_are_dropped(landmarker: FaceLandmarker) -> None:
    image = picture_with_spots([(100.0, 100.0)])
    landmarker.min_score = 0.95
    assert landmarker(image) == []


def test_paths_and_bytes(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    image = picture_with_spots([(100.0, 100.0)])
    path = tmp_path / 'a.png'
    cv2.imwrite(str(path), image)
    expected = landmarker(image)[0].points
    for source in (path, str(path), path.read_bytes()):
        assert landmarker(source)[0].points == pytest.approx(expected)


def test_bad_arguments(blob_path: Path) -> None:
    with pytest.raises(UserError, match='unknown detector'):
        FaceLandmarker(blob_path, detector='rnn')
    with pytest.raises(UserError, match='no weights are called'):
        FaceLandmarker('nobody')
    with pytest.raises(UserError, match='backend'):
        FaceLandmarker('nobody', backend='caffe')
    with pytest.raises(UserError, match='passes=0'):
        FaceLandmarker(blob_path, passes=0)
    find = FaceLandmarker(blob_path)
    for images, batch in (('folder', 8), (b'picture', 8), ([], 0)):
        with pytest.raises(UserError, match='one or more at once'):
            next(find.many(images, batch))


def test_a_real_face_is_found_by_the_cascades(blob_path: Path) -> None:
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    for name in ('haar', 'lbp'):
        faces = FaceLandmarker(blob_path, detector=build_detector(name))(image)
        assert len(faces) == 1
        center = (faces[0].box[:2] + faces[0].box[2:]) / 2
        assert center == pytest.approx([222, 118], abs=15)


def test_many_faces_of_many_sizes() -> None:
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)[:320, 60:380]
    find = FaceLandmarker()
    (alone,) = find(photo)
    wall = np.tile(photo, (2, 3, 1))
    faces = find(wall)
    corners = [(x, y) for y in (0, 320) for x in (0, 320, 640)]
    for corner in corners:  # each within 2 % of the face's size
        (here,) = (face for face in faces if np.abs(face.points - alone.points - corner).max() < 2)
        assert here.score == pytest.approx(alone.score, abs=0.05)
    assert len(faces) == len(corners)
    large = cv2.resize(photo, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    (face,) = find(large)
    assert (face.points + 0.5) / 4 - 0.5 == pytest.approx(alone.points, abs=3)


def test_two_boxes_on_one_face_give_one_face(landmarker: FaceLandmarker) -> None:
    image, boxes = picture_with_spots([(100.0, 100.0)]), [[60, 60, 140, 140], [70, 66, 150, 146]]
    landmarker.detector = lambda image, name='': Detections(boxes, [0.9, 0.8])
    assert len(landmarker(image)) == 1
    assert len(landmarker.find([image], [np.array(boxes, float)])[0]) == 2  # own boxes all stay


def test_boxes_rolls_and_images_are_as_many(landmarker: FaceLandmarker) -> None:
    image, box = picture_with_spots([(100.0, 100.0)]), np.array([[60.0, 60, 140, 140]])
    assert len(landmarker.find([image], [box], rolls=[np.zeros(1)])[0]) == 1
    for boxes, rolls in (([box], [np.zeros(0)]), ([box], []), ([box, box], None)):
        with pytest.raises(UserError, match='a roll for each box'):
            landmarker.find([image], boxes, rolls=rolls)


def test_own_boxes_get_as_many_crops_as_detected_ones(landmarker: FaceLandmarker) -> None:
    image = picture_with_spots([(100.0, 100.0)])
    far_off = np.array([[60.0, 60, 160, 160]])
    once, twice = (landmarker.find([image], [far_off], passes=p)[0][0] for p in (1, 2))
    (default,) = landmarker.find([image], [far_off])[0]
    assert landmarker.passes == 2
    assert not np.array_equal(once.box, twice.box)
    np.testing.assert_array_equal(default.box, twice.box)


def test_a_folder_names_what_it_cannot_read(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    for index, centers in enumerate(([(100.0, 100.0)], [])):
        cv2.imwrite(str(tmp_path / f'{index}.png'), picture_with_spots(centers))
    (tmp_path / 'text.jpg').write_text('no picture')
    problems: list[str] = []
    found = {path.name: len(faces) for path, faces in landmarker.folder(tmp_path, problems.append)}
    assert found == {'0.png': 1, '1.png': 0}
    assert len(problems) == 1 and 'text.jpg: is damaged' in problems[0]
    with pytest.raises(UserError, match='no such folder'):
        landmarker.folder(tmp_path / 'gone')


def test_a_video_gives_frames_with_followed_faces(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20, (320, 240))
    for index in range(6):
        writer.write(picture_with_spots([(80.0 + 4 * index, 120.0)]))
    writer.release()
    seen = list(landmarker.video(path, TrackerOptions(lag=2)))
    assert [frame.number for frame, _ in seen] == list(range(6))
    assert [[face.track_id for face in faces] for _, faces in seen] == [[1]] * 6
    assert landmarker.detector.calls == 1
    with pytest.raises(UserError, match='unknown filter'):
        landmarker.video(path, TrackerOptions(filter='median'))
