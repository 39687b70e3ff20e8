"""Sound from one video file into another, without a decoder: ffmpeg copies the streams."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing


def find_ffmpeg() -> str | None:
    """The system's ffmpeg, else that of the package imageio-ffmpeg, else None."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return shutil.which('ffmpeg') or get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        return shutil.which('ffmpeg')


def carry_sound(source: Path, video: Path) -> str | None:
    """Put the sound of `source` into `video`; neither is encoded anew.

    Args:
        source: a video, with or without sound.
        video: is replaced by one with the sound; is left as it is where that is impossible.

    Returns:
        Why there is no sound, in one sentence; None if it was copied or there was none.
    """
    program = find_ffmpeg()
    if program is None:
        return 'a sound, if any, is left out: install ffmpeg, or pip install imageio-ffmpeg'
    inputs = ['-i', str(video), '-i', str(source)]
    streams = ['-map', '0:v:0', '-map', '1:a?', '-c', 'copy']
    try:
        with replacing(video) as both:
            command = [program, '-v', 'error', '-nostdin', '-y', *inputs, *streams, str(both)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise UserError(done.stderr.strip().splitlines()[-1])
    except (UserError, OSError, IndexError) as error:
        return f'the sound is left out: {video.suffix} cannot hold it ({error})'
    return None
