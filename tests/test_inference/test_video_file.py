"""Files of phones, browsers and screen recorders: times, sizes, turns, what is missing."""

from __future__ import annotations

import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from helpers.clips import Clip, write

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference import video_file
from fanet_mmpose.inference.video_file import VideoFile, letterbox, turn
from fanet_mmpose.inference.video_source import VideoSource

RNG = np.random.default_rng(0)
STEADY = np.arange(60) / 25
JITTER = np.round(np.arange(60) * 0.033 + np.r_[0, RNG.integers(0, 14, 59)] / 1000, 3)
PAUSES = np.r_[STEADY[:30], STEADY[30:] + 4]
HALVED = np.r_[np.arange(30) / 30, 1 + np.arange(20) / 10].round(3)
TIMES = {'steady': STEADY, 'jitter': JITTER, 'pauses': PAUSES, 'halved': HALVED}


@pytest.mark.parametrize('suffix', ['.mp4', '.mkv', '.webm', '.ts', '.avi'])
@pytest.mark.parametrize('name', TIMES)
def test_times_are_the_files_own_and_nothing_is_called_cut(
    name: str, suffix: str, tmp_path: Path
) -> None:
    times = TIMES[name]
    source = VideoSource(write(tmp_path / f'clip{suffix}', Clip(times)))
    frames = list(source)
    assert [frame.time for frame in frames] == pytest.approx(times - times[0], abs=1.5e-3)
    assert source.complaint is None and source.note is None
    mean = (len(times) - 1) / (times[-1] - times[0])
    assert source.rate == pytest.approx(mean, rel=0.01)


def test_a_stream_without_index_or_duration(tmp_path: Path) -> None:
    """As a browser's MediaRecorder writes."""
    clip = write(tmp_path / 'live.webm', Clip(JITTER), {'live': '1'})
    with av.open(str(clip)) as container:
        assert not container.duration
    source = VideoSource(clip)
    assert source.rate == pytest.approx(30, rel=0.03) and source.announced == 0
    assert len(list(source)) == 60 and source.complaint is None


@pytest.mark.parametrize('suffix', ['.mkv', '.avi', '.mp4', '.ts'])
def test_half_a_file_is_cut(suffix: str, tmp_path: Path) -> None:
    first = {'movflags': '+faststart'} if suffix == '.mp4' else {}
    clip = write(tmp_path / f'whole{suffix}', Clip(np.arange(100) / 25), first)
    half = tmp_path / f'half{suffix}'
    half.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    source = VideoSource(half)
    count = len(list(source))
    assert 10 < count < 90
    assert f'half{suffix}: is cut, ' in str(source.complaint) and f'{count} ' in source.complaint


def test_sound_that_goes_on_is_no_missing_picture(tmp_path: Path) -> None:
    clip = write(tmp_path / 'clip.mkv', Clip(STEADY, sound=(0, 6)))
    source = VideoSource(clip)
    assert len(list(source)) == 60 and source.complaint is None


@pytest.mark.parametrize('mirror', [False, True])
@pytest.mark.parametrize('quarter', [0, 90, 180, -90])
def test_frames_are_upright(quarter: int, mirror: bool, tmp_path: Path) -> None:
    """A picture laid down by the inverse and marked to be turned comes out as it was."""
    flat = write(tmp_path / 'flat.mp4', Clip([0.0, 0.04], [(0, 1)]))
    shown = write(tmp_path / 'turned.mp4', Clip([0.0, 0.04], [(0, 1)], turn=quarter, mirror=mirror))
    with av.open(str(shown)) as container:
        stored = next(container.decode(video=0)).to_ndarray(format='bgr24')
    want = stored[:, ::-1] if mirror else stored
    frames = [next(iter(VideoSource(path))).image for path in (flat, shown)]
    assert np.array_equal(frames[0], stored)
    turned = [np.rot90(want, quarter // 90), np.rot90(stored, quarter // 90)[:, ::-1]]
    assert any(np.array_equal(frames[1], picture) for picture in turned[: 1 + mirror])


def test_display_matrices() -> None:
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    rows = {(1, 0, 0, 1): picture, (-1, 0, 0, 1): picture[:, ::-1], (1, 0, 0, -1): picture[::-1],
            (0, -1, 1, 0): np.rot90(picture), (0, 1, -1, 0): np.rot90(picture, -1),
            (0, 1, 1, 0): picture.transpose(1, 0, 2), (1, 1, -1, 1): picture}  # fmt: skip
    for (a, b, c, d), want in rows.items():
        matrix = np.array([[a, b, 0], [c, d, 0], [0, 0, 1]])
        assert np.array_equal(turn(picture, matrix), want), (a, b, c, d)


@pytest.mark.parametrize('size', [(121, 161), (120, 161), (91, 80)])
def test_odd_sizes(size: tuple[int, int], tmp_path: Path) -> None:
    frames = list(VideoSource(write(tmp_path / 'odd.mp4', Clip(STEADY[:5], size=size))))
    assert [frame.image.shape[:2] for frame in frames] == [size] * 5


def test_sizes_that_change_are_fitted_into_the_first(tmp_path: Path) -> None:
    parts = [
        write(tmp_path / f'{index}.ts', Clip(STEADY[:10] + index, size=size))
        for index, size in enumerate([(120, 160), (160, 120)])
    ]
    joined = tmp_path / 'joined.ts'
    joined.write_bytes(b''.join(part.read_bytes() for part in parts))
    source = VideoSource(joined)
    frames = list(source)
    assert {frame.image.shape for frame in frames} == {(120, 160, 3)} and len(frames) > 15
    assert np.all(np.diff([frame.time for frame in frames]) > 0)
    assert 'change their size' in str(source.note)


def test_letterbox_keeps_the_aspect() -> None:
    out = letterbox(np.full((40, 20, 3), 200, np.uint8), 20, 30)
    assert out.shape == (20, 30, 3)
    columns = np.flatnonzero(out.any((0, 2)))
    assert (columns[0], columns[-1]) == (10, 19) and out[:, 10:20].min() == 200


def test_pixels_that_are_not_square_are_told(tmp_path: Path) -> None:
    path = tmp_path / 'wide.mp4'
    with av.open(str(path), 'w') as out:
        video = out.add_stream('libx264', rate=25)
        video.height, video.width, video.pix_fmt = 64, 64, 'yuv420p'
        video.codec_context.sample_aspect_ratio = Fraction(4, 3)
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format='bgr24')
        out.mux([*video.encode(frame), *video.encode(None)])
    assert VideoFile(path).aspect == Fraction(4, 3)


def test_what_is_no_picture_or_leads_elsewhere(tmp_path: Path) -> None:
    song = write(tmp_path / 'song.mkv', Clip(STEADY[:2], [(0, 1)], sound=(0, 1)))
    with av.open(str(song)) as container, av.open(str(tmp_path / 'song.m4a'), 'w') as out:
        stream = out.add_stream_from_template(container.streams.audio[0])
        for packet in container.demux(container.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    with pytest.raises(UserError, match=r'song.m4a: there is no moving picture in it'):
        VideoSource(tmp_path / 'song.m4a')
    playlist = tmp_path / 'list.mp4'
    playlist.write_text('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n')
    with pytest.raises(UserError, match=r'list.mp4: '):
        list(VideoSource(playlist))


def test_names_are_names_of_files(tmp_path: Path) -> None:
    clip = write(tmp_path / 'clip.mp4', Clip(STEADY[:5]))
    for name in ('a b.mp4', 'concat:x.mp4', 'so%03d.mp4', 'größe.mp4'):
        shutil.copy(clip, tmp_path / name)
        assert len(list(VideoSource(tmp_path / name))) == 5


def test_recordings_of_half_a_second_joined(tmp_path: Path) -> None:
    clip = write(tmp_path / 'clip.ts', Clip(STEADY[:15]))
    joined = tmp_path / 'joined.ts'
    joined.write_bytes(clip.read_bytes() * 3)
    times = [frame.time for frame in VideoSource(joined)]
    assert len(times) == 45 and times[-1] == pytest.approx(44 / 25, abs=0.1)
    assert all(0.005 < after - before < 0.1 for before, after in pairwise(times))


def test_a_pause_does_not_lengthen_the_last_frame(tmp_path: Path) -> None:
    *_, last = VideoSource(write(tmp_path / 'hole.mkv', Clip([*STEADY[:9], 5000.0])))
    assert last.time == 5000 and last.duration == pytest.approx(0.04)


def test_pictures_that_no_memory_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = (60, 160), (120, 160)
    parts = [
        write(tmp_path / f'{n}.ts', Clip(STEADY[:5] + n, size=size)) for n, size in enumerate(sizes)
    ]
    grows = tmp_path / 'grows.ts'
    grows.write_bytes(b''.join(part.read_bytes() for part in parts))
    source = VideoSource(grows)
    monkeypatch.setattr(video_file, 'MAX_MEGAPIXELS', 0.019)
    assert {frame.image.shape for frame in source} == {(60, 160, 3)}
    assert 'is damaged' in str(source.complaint)
    with pytest.raises(UserError, match=r'1.ts: its pictures have 160×120 px, more than'):
        VideoSource(parts[1])
