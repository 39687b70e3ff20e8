"""Read and write videos with OpenCV, a frame at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.pipeline.face_landmarks import FaceLandmarks

CODECS = {'.mp4': 'mp4v', '.avi': 'MJPG', '.mkv': 'mp4v', '.mov': 'mp4v'}
USUAL_RATE = 25.0  # frames per second, where the file does not say
# A file may count a frame or two that no decoder returns; from this share on it is cut.
MISSING_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame: its number, its time in seconds and its picture, uint8 [H, W, 3] blue first."""

    number: int
    time: float
    image: np.ndarray


class VideoSource:
    """Frames of a file, or of a camera given by its number.

    Attributes:
        rate: frames per second.
        announced: frames that the file says it has; 0 where it does not say.

    Raises:
        UserError: there is no such file or camera, or it is no video.
    """

    def __init__(self, source: str) -> None:
        self.name = source
        if not source.isdigit() and not Path(source).is_file():
            raise UserError(f'{source}: there is no such video')
        self._capture = cv2.VideoCapture(int(source) if source.isdigit() else source)
        if not self._capture.isOpened():
            kind = f'camera {source}' if source.isdigit() else source
            raise UserError(f'{kind}: cannot be opened as a video')
        self.rate = self._capture.get(cv2.CAP_PROP_FPS) or USUAL_RATE
        self.announced = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order; times are the file's own.

        Raises:
            UserError: no frame, or (after the last one) far fewer than announced.
        """
        number, last = 0, -1.0
        while True:
            there, image = self._capture.read()
            if not there:
                break
            time = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            last = time if time > last else last + 1 / self.rate  # some files have no times
            yield Frame(number, last, image)
            number += 1
        self._capture.release()
        if not number:
            raise UserError(f'{self.name}: there is no frame in this video')
        if number < self.announced * (1 - MISSING_SHARE):
            raise UserError(
                f'{self.name}: is cut, {number} of {self.announced} frames could be read; the '
                'output holds those'
            )


class VideoSink:
    """Writes frames to a file, which appears when `close` is called."""

    def __init__(self, path: Path, rate: float, shape: tuple[int, ...]) -> None:
        self._writer = cv2.VideoWriter(
            str(path), cv2.VideoWriter_fourcc(*CODECS[path.suffix]), rate, (shape[1], shape[0])
        )
        if not self._writer.isOpened():
            raise UserError(f'{path}: OpenCV cannot write this kind of video here')

    def write(self, image: np.ndarray) -> None:
        """Append a frame."""
        self._writer.write(image)

    def close(self) -> None:
        """Finish the file."""
        self._writer.release()


def annotate_video(
    source: VideoSource,
    out: str | Path,
    track: Callable[[np.ndarray, float], list[FaceLandmarks]],
    progress: Callable[[Iterator[Frame]], Iterator[Frame]] = iter,
) -> Path:
    """Draw landmarks into every frame; also write them as JSON lines beside the video.

    A line is ``{"frame": 0, "time": 0.0, "faces": [...]}``, faces as `FaceLandmarks.to_dict`. What
    could be read of a cut video is kept. Sound is not carried over.

    Args:
        source: where frames come from.
        out: video to write; its suffix chooses the format.
        track: faces of a frame and its time, e.g. a `FaceTracker`.
        progress: wraps the frames, e.g. `tqdm`.

    Returns:
        The JSON-lines file.

    Raises:
        UserError: `out` has an unknown suffix or cannot be written, or the source is cut or empty.
    """
    out = Path(out)
    if out.suffix not in CODECS:
        raise UserError(f'{out}: the name of the output must end in {", ".join(CODECS)}')
    lines = out.with_suffix('.jsonl')
    cut: UserError | None = None
    with replacing(out) as video, replacing(lines) as table, table.open('w') as text:
        sink: VideoSink | None = None
        try:
            for frame in progress(source):
                faces = track(frame.image, frame.time)
                sink = sink or VideoSink(video, source.rate, frame.image.shape)
                sink.write(_drawn(frame.image, faces))
                text.write(_line(frame, faces))
        except UserError as error:
            if sink is None:
                raise
            cut = error
        finally:
            if sink:
                sink.close()
    if cut:
        raise cut
    return lines


def _drawn(image: np.ndarray, faces: list[FaceLandmarks]) -> np.ndarray:
    for face in faces:
        image = face.draw(image)
    return image


def _line(frame: Frame, faces: list[FaceLandmarks]) -> str:
    found = [face.to_dict() for face in faces]
    return json.dumps({'frame': frame.number, 'time': round(frame.time, 4), 'faces': found}) + '\n'
