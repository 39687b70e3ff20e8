"""Videos in, videos and JSON lines out; damaged ones are named and what was read is kept."""

from __future__ import annotations

import csv
import json
import weakref
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.blob_model import picture_with_spots
from helpers.clips import Clip, write

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from fanet_mmpose.inference.video import annotate_video, follow
from fanet_mmpose.inference.video_source import Frame, VideoSource

FRAMES = 12


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20, (320, 240))
    for index in range(FRAMES):
        writer.write(picture_with_spots([(80.0 + 4 * index, 120.0)]))
    writer.release()
    return path


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_frame_comes_out_with_its_time_and_face(
    clip: Path, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'sub' / 'out.avi'
    done = annotate_video(VideoSource(clip), out, FaceTracker(landmarker), csv=True)
    rows = read_lines(done.lines)
    assert done.cut is None
    assert [row['frame'] for row in rows] == list(range(FRAMES))
    assert np.diff([row['time'] for row in rows]) == pytest.approx(1 / 20, abs=1e-3)
    assert [row['faces'][0]['track_id'] for row in rows] == [1] * FRAMES
    x = [np.mean(row['faces'][0]['points'], 0)[0] for row in rows]
    assert x == pytest.approx([80 + 4 * i for i in range(FRAMES)], abs=5)
    assert len(list(VideoSource(str(out)))) == FRAMES
    points = list(csv.DictReader(out.with_suffix('.csv').open()))
    assert len(points) == FRAMES * 68
    assert [float(points[-1]['x']), float(points[-1]['y'])] == rows[-1]['faces'][0]['points'][-1]
    assert {path.name for path in out.parent.iterdir()} == {'out.avi', 'out.jsonl', 'out.csv'}


def test_eyes_of_a_video_and_its_blinks(
    clip: Path, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'out.avi'
    tracker = FaceTracker(landmarker)
    done = annotate_video(
        VideoSource(clip), out, tracker, '300w51', csv=True, applications=('eyes', 'pose')
    )
    lines = read_lines(done.lines)
    assert all('right' in row['faces'][0]['eyes'] for row in lines)
    rows = list(csv.DictReader(out.with_suffix('.faces.csv').open()))
    assert len(rows) == FRAMES and rows[0]['track_id'] == str(lines[0]['faces'][0]['track_id'])
    assert float(rows[-1]['pose_yaw']) == lines[-1]['faces'][0]['pose']['yaw']
    assert float(rows[-1]['eye_left']) == lines[-1]['faces'][0]['eyes']['left']['value']
    assert done.blinks == 0
    assert json.loads((tmp_path / 'out.blinks.json').read_text()) == {'blinks': []}


def test_a_lag_delays_no_frame(clip: Path, landmarker: FaceLandmarker, tmp_path: Path) -> None:
    late, plain = tmp_path / 'late.avi', tmp_path / 'plain.avi'
    for out, options in ((late, TrackerOptions(lag=3)), (plain, TrackerOptions(filter='none'))):
        annotate_video(VideoSource(str(clip)), out, FaceTracker(landmarker, options))
    first, other = (read_lines(path.with_suffix('.jsonl')) for path in (late, plain))
    assert [row['time'] for row in first] == [row['time'] for row in other]
    assert len(first) == len(other) == FRAMES == len(list(VideoSource(str(late))))
    for row, same in zip(first, other, strict=True):
        a, b = (np.array(r['faces'][0]['points']) for r in (row, same))
        assert np.abs(a - b).max() < 4  # the spot moves by as much a frame


def test_a_cut_video_keeps_what_could_be_read(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    whole = write(tmp_path / 'whole.mkv', Clip(np.arange(100) / 25))
    part = tmp_path / 'part.mkv'
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    out = tmp_path / 'out.avi'
    done = annotate_video(VideoSource(part), out, FaceTracker(landmarker))
    read = len(read_lines(tmp_path / 'out.jsonl'))
    assert 'part.mkv: is cut, ' in done.cut and f'{read} frames' in done.cut
    assert len(list(VideoSource(str(out)))) == read > 0


@pytest.mark.parametrize('content', [b'', b'no video', b'RIFF\x00\x00\x00\x00AVI '])
def test_files_that_are_no_video(
    content: bytes, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    path = tmp_path / 'bad.avi'
    path.write_bytes(content)
    out = tmp_path / 'out' / 'out.avi'
    with pytest.raises(UserError, match='bad.avi: '):
        annotate_video(VideoSource(str(path)), out, FaceTracker(landmarker))
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_sources_and_outputs_that_do_not_exist(clip: Path, landmarker: FaceLandmarker) -> None:
    with pytest.raises(UserError, match='there is no such video'):
        VideoSource('gone.mp4')
    with pytest.raises(UserError, match='camera 97: cannot be opened'):
        VideoSource('97')
    with pytest.raises(UserError, match='must end in'):
        annotate_video(VideoSource(str(clip)), 'out.gif', FaceTracker(landmarker))
    before = clip.read_bytes()
    with pytest.raises(UserError, match='is the video that is read'):
        annotate_video(VideoSource(str(clip)), clip, FaceTracker(landmarker))
    assert clip.read_bytes() == before


@pytest.mark.parametrize('lag', [0, 5])
def test_no_more_frames_are_kept_than_the_lag_asks_for(
    landmarker: FaceLandmarker, lag: int
) -> None:
    """Memory over 10,000 frames is measured by projects/video_study."""
    alive: weakref.WeakSet[Frame] = weakref.WeakSet()
    most = 0

    def frames() -> Iterator[Frame]:
        for index in range(200):
            picture = picture_with_spots([(40.0 + index % 9, 48)], radius=14, shape=(96, 96))
            frame = Frame(index, index / 25, picture)
            alive.add(frame)
            yield frame

    tracker = FaceTracker(landmarker, TrackerOptions(lag=lag))
    for count, (frame, faces) in enumerate(follow(frames(), tracker)):
        assert frame.number == count and len(faces) == 1
        most = max(most, len(alive))
    assert count == 199 and lag < most <= lag + 3
