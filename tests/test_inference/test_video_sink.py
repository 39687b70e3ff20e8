"""A file is whole and keeps the times it was given, or a sentence says that it is not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference import video_sink
from fanet_mmpose.inference.video_sink import FORMATS, VideoSink
from fanet_mmpose.inference.video_source import VideoSource

PICTURE = picture_with_spots([(40.0, 40.0)], shape=(96, 96))
TIMES = np.array([0.0, 0.05, 0.1, 0.35, 0.4, 2.0])


@pytest.mark.parametrize('suffix', FORMATS)
def test_every_suffix_gives_the_frames_back_at_their_times(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f'clip{suffix}'
    with VideoSink(path, 20, path, grid=20) as sink:
        for time in TIMES:
            sink.write(PICTURE, time)
    frames = list(VideoSource(str(path)))
    assert [frame.time for frame in frames] == pytest.approx(TIMES, abs=1e-3)
    assert frames[0].image.shape == PICTURE.shape
    assert np.abs(frames[0].image.astype(int) - PICTURE).mean() < 2


@pytest.mark.parametrize('suffix', FORMATS)
@pytest.mark.parametrize('has_x264', [True, False])
def test_odd_sizes_stay(
    suffix: str, has_x264: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_x264:
        monkeypatch.setattr(video_sink.av, 'codecs_available', set())
    path = tmp_path / f'clip{suffix}'
    with VideoSink(path, 20, path) as sink:
        for time in TIMES:
            sink.write(PICTURE[:95, :91], time)
    assert [frame.image.shape for frame in VideoSource(path)] == [(95, 91, 3)] * len(TIMES)


@pytest.mark.parametrize('height', [96, 720])
def test_colours_stay_for_readers_that_know_the_size_alone(height: int, tmp_path: Path) -> None:
    path = tmp_path / 'clip.mp4'
    colour = np.full((height, 96, 3), (30, 60, 200), np.uint8)
    with VideoSink(path, 20, path) as sink:
        sink.write(colour, 0)
    (frame,) = VideoSource(path)
    assert np.abs(frame.image.astype(int) - colour).max() <= 4
    if height < video_sink.HD:
        assert np.abs(cv2.VideoCapture(str(path)).read()[1].astype(int) - colour).max() <= 4


def test_the_last_frame_stays_as_long_as_it_did(tmp_path: Path) -> None:
    path = tmp_path / 'clip.mp4'
    with VideoSink(path, 20, path) as sink:
        for time in TIMES:
            sink.write(PICTURE, time, duration=0.5)
    *_, last = VideoSource(path)
    assert last.duration == pytest.approx(0.5)


def test_a_file_that_lost_its_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / 'clip.mp4'
    with (
        pytest.raises(UserError, match='out.mp4: could not be written whole'),
        VideoSink(path, 20, Path('out.mp4')) as sink,
    ):
        for time in TIMES:
            sink.write(PICTURE, time)
        sink._container.close()
        path.write_bytes(b'')


def test_no_frame_is_no_file(tmp_path: Path) -> None:
    with VideoSink(tmp_path / 'clip.mp4', 20, tmp_path / 'clip.mp4'):
        pass
    assert not list(tmp_path.iterdir())


def test_names_are_names_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ('12:30 clip.mp4', '-a%03d.mp4'):
        with VideoSink(Path(name), 20, Path(name)) as sink:
            sink.write(PICTURE, 0.0)
        assert len(list(VideoSource(name))) == 1


def test_pauses_of_hours(tmp_path: Path) -> None:
    for suffix in ('.mkv', '.mp4'):
        path, hours = tmp_path / f'long{suffix}', 11
        sink = VideoSink(path, 1e-5, path)
        sink.write(PICTURE, 0.0)
        if suffix == '.mp4':
            with pytest.raises(
                UserError, match='11 hours lie between two frames, .* write an .mkv'
            ):
                sink.write(PICTURE, hours * 3600)
        else:
            sink.write(PICTURE, hours * 3600)
        sink.__exit__(None if suffix == '.mkv' else UserError)
