"""Read and write videos with OpenCV, a frame at a time."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing
from fanet_mmpose.pipeline.face_landmarks import FaceLandmarks
from fanet_mmpose.pipeline.sound import carry_sound
from fanet_mmpose.pipeline.tracker import FaceTracker
from fanet_mmpose.pipeline.video_sink import CODECS, VideoSink

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
        is_camera: the source is no file.
        rate: frames per second.
        announced: frames that the file says it has; 0 where it does not say.
        complaint: after the last frame, a sentence about a file that is cut, else None.

    Raises:
        UserError: there is no such file or camera, or it is no video.
    """

    def __init__(self, source: str) -> None:
        self.name, self.is_camera = source, source.isdigit()
        self.complaint: str | None = None
        if not self.is_camera and not Path(source).is_file():
            raise UserError(f'{source}: there is no such video')
        self._capture = cv2.VideoCapture(int(source) if self.is_camera else source)
        if not self._capture.isOpened():
            kind = f'camera {source}' if self.is_camera else source
            raise UserError(f'{kind}: cannot be opened as a video')
        self.rate = self._capture.get(cv2.CAP_PROP_FPS) or USUAL_RATE
        self.announced = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order; times are the file's own.

        Raises:
            UserError: there is no frame.
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
            self.complaint = (
                f'{self.name}: is cut, {number} of {self.announced} frames could be read; the '
                'output holds those'
            )


def follow(
    frames: Iterable[Frame], tracker: FaceTracker
) -> Iterator[tuple[Frame, list[FaceLandmarks]]]:
    """Each frame with its faces; with a lag, `lag` frames wait in memory."""
    waiting: deque[Frame] = deque()
    for frame in frames:
        waiting.append(frame)
        faces = tracker(frame.image, frame.time)
        if len(waiting) > tracker.lag:
            yield waiting.popleft(), faces
    for faces in tracker.finish():
        yield waiting.popleft(), faces


@dataclass(frozen=True)
class VideoOutcome:
    """The JSON-lines file, and sentences about what is missing: `cut` frames, `sound`."""

    lines: Path
    cut: str | None
    sound: str | None


def annotate_video(
    source: VideoSource,
    out: str | Path,
    tracker: FaceTracker,
    schema: str | None = None,
    progress: Callable[[Iterable[Frame]], Iterable[Frame]] = iter,
) -> VideoOutcome:
    """Draw landmarks into every frame; also write them as JSON lines beside the video.

    A line is ``{"frame": 0, "time": 0.0, "faces": [...]}``, faces as `FaceLandmarks.to_dict`. What
    could be read of a cut video is kept. The sound of a file is copied, see `carry_sound`.

    Args:
        source: where frames come from.
        out: video to write; its suffix chooses the format.
        tracker: finds the faces.
        schema: point set to convert to, see `FaceLandmarks.convert`.
        progress: wraps the frames, e.g. `tqdm`.

    Raises:
        UserError: `out` has an unknown suffix or cannot be written, or the source has no frame.
    """
    out = Path(out)
    if out.suffix not in CODECS:
        raise UserError(f'{out}: the name of the output must end in {", ".join(CODECS)}')
    lines = out.with_suffix('.jsonl')
    with replacing(out) as video:
        with (
            replacing(lines) as table,
            table.open('w', encoding='utf-8') as text,
            VideoSink(video, source.rate, out) as sink,
        ):
            for frame, faces in follow(progress(source), tracker):
                faces = [face.convert(schema) if schema else face for face in faces]
                sink.write(_drawn(frame.image, faces))
                text.write(_line(frame, faces))
        sound = None if source.is_camera else carry_sound(Path(source.name), video)
    return VideoOutcome(lines, source.complaint, sound)


def _drawn(image: np.ndarray, faces: list[FaceLandmarks]) -> np.ndarray:
    for face in faces:
        image = face.draw(image)
    return image


def _line(frame: Frame, faces: list[FaceLandmarks]) -> str:
    found = [face.to_dict() for face in faces]
    return json.dumps({'frame': frame.number, 'time': round(frame.time, 4), 'faces': found}) + '\n'
