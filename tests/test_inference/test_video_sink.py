"""A file is whole, or a sentence says that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.blob_model import picture_with_spots

from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.video_sink import CODECS, VideoSink
from fanet_mmpose.inference.video_source import VideoSource

PICTURE = picture_with_spots([(40.0, 40.0)], shape=(96, 96))


@pytest.mark.parametrize('suffix', CODECS)
def test_every_suffix_gives_the_frames_back(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f'clip{suffix}'
    with VideoSink(path, 20, path) as sink:
        for _ in range(5):
            sink.write(PICTURE)
    frames = list(VideoSource(str(path)))
    assert len(frames) == 5 and frames[0].image.shape == PICTURE.shape


def test_a_file_that_lost_its_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / 'clip.mp4'
    with (
        pytest.raises(UserError, match='out.mp4: could not be written whole'),
        VideoSink(path, 20, Path('out.mp4')) as sink,
    ):
        for _ in range(5):
            sink.write(PICTURE)
        sink._writer.release()
        path.write_bytes(b'')


def test_no_frame_is_no_file(tmp_path: Path) -> None:
    with VideoSink(tmp_path / 'clip.mp4', 20, tmp_path / 'clip.mp4'):
        pass
    assert not list(tmp_path.iterdir())
