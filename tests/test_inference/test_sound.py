"""Sound is copied packet by packet and stays in step; where that fails, a sentence says why."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from helpers.clips import Clip, lasts, lights, tones, write

from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.sound import carry_sound
from fanet_mmpose.inference.tracker import FaceTracker
from fanet_mmpose.inference.video import annotate_video
from fanet_mmpose.inference.video_sink import VideoSink
from fanet_mmpose.inference.video_source import VideoSource

STEPS = np.random.default_rng(0).choice([0.02, 0.033, 0.05, 0.1, 0.2], 60)
TIMES = np.r_[0, np.cumsum(STEPS)].round(3)
# A frame's step before and after each pulse, so that light and tone are told apart by one frame.
PULSES = [(1.0, 1.4), (2.5, 2.9), (4.5, 4.9)]
FRAME = 0.04


def sounding(start: float = 0.0) -> Clip:
    return Clip(TIMES, PULSES, sound=(start, float(TIMES[-1])))


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize('start', [0.0, 0.5])
@pytest.mark.parametrize(
    ('source', 'out'),
    [('.mp4', '.mp4'), ('.mkv', '.mp4'), ('.webm', '.mp4'), ('.webm', '.mkv'), ('.ts', '.mov')],
)
def test_light_and_tone_stay_together_over_the_whole_file(
    source: str, out: str, start: float, landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    clip, drawn = write(tmp_path / f'clip{source}', sounding(start)), tmp_path / f'out{out}'
    done = annotate_video(VideoSource(clip), drawn, FaceTracker(landmarker))
    assert done.sound is None and done.cut is None and done.scaled is None
    before, after = (np.subtract(lights(path), tones(path)) for path in (clip, drawn))
    assert len(after) == len(PULSES)
    assert after == pytest.approx(before, abs=2e-3)
    assert np.diff(lights(drawn)) == pytest.approx(np.diff(lights(clip)), abs=2e-3)
    assert lasts(drawn, 'video') - lasts(drawn, 'audio') == pytest.approx(
        lasts(clip, 'video') - lasts(clip, 'audio'), abs=0.1
    )


def test_joined_recordings_stay_together(tmp_path: Path) -> None:
    """The sound of each part goes on for longer than its picture."""
    times = np.arange(20) / 25
    part = write(tmp_path / 'part.ts', Clip(times, [(0.4, 0.6)], sound=(0, 1)))
    joined, out = tmp_path / 'joined.ts', tmp_path / 'out.mkv'
    joined.write_bytes(part.read_bytes() * 4)
    source = VideoSource(joined)
    with VideoSink(out, source.rate, out) as sink:
        for frame in source:
            sink.write(frame.image, frame.time, frame.duration)
    assert source.complaint is None
    assert carry_sound(joined, out) is None
    before = np.subtract(lights(part), tones(part))
    assert np.subtract(lights(out), tones(out)) == pytest.approx(np.tile(before, 4), abs=2e-3)


def test_the_packets_are_the_same(landmarker: FaceLandmarker, tmp_path: Path) -> None:
    clip, out = write(tmp_path / 'clip.mkv', sounding()), tmp_path / 'out.mp4'
    annotate_video(VideoSource(clip), out, FaceTracker(landmarker))
    assert packets(out) == packets(clip)


def test_a_constant_rate_lasts_as_long_as_its_sound(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    clip = write(tmp_path / 'clip.mkv', Clip(np.arange(75) / 25, PULSES[:2], sound=(0, 3)))
    for out in (tmp_path / 'out.mp4', tmp_path / 'out.mkv', tmp_path / 'out.avi'):
        assert annotate_video(VideoSource(clip), out, FaceTracker(landmarker)).sound is None
        assert abs(lasts(out, 'video') - lasts(out, 'audio')) < FRAME
        assert np.subtract(lights(out), tones(out)) == pytest.approx([0, 0], abs=FRAME)


def test_sound_ends_where_the_picture_was_stopped(
    landmarker: FaceLandmarker, tmp_path: Path
) -> None:
    source = VideoSource(write(tmp_path / 'clip.mkv', sounding()))
    out = tmp_path / 'out.mkv'

    def half(frames: VideoSource) -> VideoSource:
        for frame in frames:
            if frame.time > TIMES[-1] / 2:
                source.stop()
            yield frame

    done = annotate_video(source, out, FaceTracker(landmarker), progress=half)
    assert 'was stopped, ' in done.cut
    assert abs(lasts(out, 'video') - lasts(out, 'audio')) < 0.25


def test_a_video_without_sound_needs_no_sentence(tmp_path: Path) -> None:
    source, video = (write(tmp_path / name, Clip(TIMES)) for name in ('a.mp4', 'b.mp4'))
    before = video.read_bytes()
    assert carry_sound(source, video) is None and video.read_bytes() == before


@pytest.mark.parametrize(
    ('source', 'start', 'out'), [('.webm', 0.0, '.avi'), ('.mkv', 0.5, '.avi'), ('text', 0, '.mp4')]
)
def test_what_cannot_be_copied_leaves_the_picture(
    source: str, start: float, out: str, tmp_path: Path
) -> None:
    video = write(tmp_path / f'b{out}', Clip(TIMES))
    before = video.read_bytes()
    if source == 'text':
        sound = tmp_path / 'text.mkv'
        sound.write_text('no video')
    else:
        sound = write(tmp_path / f'a{source}', sounding(start))
    assert 'the sound is left out' in str(carry_sound(sound, video))
    assert video.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {video.name, sound.name}
