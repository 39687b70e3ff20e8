"""Sound is copied packet by packet; where that fails, a sentence says why."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.inference import sound
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker
from fanet_mmpose.inference.video import annotate_video
from fanet_mmpose.inference.video_source import VideoSource

FRAMES = 20


def silent_clip(path: Path) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20, (160, 120))
    for index in range(FRAMES):
        writer.write(picture_with_spots([(60.0 + index, 60)], shape=(120, 160)))
    writer.release()
    return path


def ffmpeg(*arguments: object) -> str:
    program = sound.find_ffmpeg()
    if program is None:
        pytest.skip('neither ffmpeg nor imageio-ffmpeg is installed')
    command = [program, '-v', 'error', '-y', *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """One second with a tone."""
    silent, path = silent_clip(tmp_path / 'silent.avi'), tmp_path / 'clip.mkv'
    tone = ('-f', 'lavfi', '-i', 'sine=frequency=440:duration=1')
    ffmpeg('-i', silent, *tone, '-c:v', 'copy', '-c:a', 'aac', path)
    return path


def fingerprint(path: Path) -> str:
    return ffmpeg('-i', path, '-map', '0:a', '-c', 'copy', '-f', 'md5', '-')


def test_the_sound_is_the_same_after_drawing(
    clip: Path, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    out = tmp_path / 'out.mp4'
    done = annotate_video(VideoSource(str(clip)), out, FaceTracker(landmarker))
    assert done.sound is None
    assert fingerprint(out) == fingerprint(clip)
    assert len(list(VideoSource(str(out)))) == FRAMES


def test_a_video_without_sound_needs_no_sentence(tmp_path: Path) -> None:
    ffmpeg('-version')
    source, video = (silent_clip(tmp_path / name) for name in ('a.avi', 'b.avi'))
    assert sound.carry_sound(source, video) is None
    assert len(list(VideoSource(str(video)))) == FRAMES


def test_what_cannot_be_copied_leaves_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = silent_clip(tmp_path / 'b.avi')
    before = video.read_bytes()
    (tmp_path / 'text.mkv').write_text('no video')
    ffmpeg('-version')
    assert 'the sound is left out' in str(sound.carry_sound(tmp_path / 'text.mkv', video))
    monkeypatch.setattr(sound, 'find_ffmpeg', lambda: None)
    assert 'install ffmpeg' in str(sound.carry_sound(tmp_path / 'text.mkv', video))
    assert video.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {'b.avi', 'text.mkv'}
