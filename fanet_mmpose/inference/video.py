"""Landmarks of a video into a video and tables, a frame at a time."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from fanet_mmpose.applications.blinks import BlinkLog
from fanet_mmpose.applications.measured import check_applications, columns_of
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import replacing, write_json
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.sound import carry_sound
from fanet_mmpose.inference.tables import FrameTable, MeasureTable
from fanet_mmpose.inference.tracker import FaceTracker
from fanet_mmpose.inference.video_sink import FORMATS, VideoSink
from fanet_mmpose.inference.video_source import Frame, VideoSource


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
    """The JSON-lines file, and sentences: about `cut` frames, lost `sound`, frames `scaled`.

    `blinks` were found, where eyes were measured; else None.
    """

    lines: Path
    cut: str | None
    sound: str | None
    scaled: str | None = None
    blinks: int | None = None


def annotate_video(
    source: VideoSource,
    out: str | Path,
    tracker: FaceTracker,
    schema: str | None = None,
    progress: Callable[[Iterable[Frame]], Iterable[Frame]] = iter,
    csv: bool = False,
    applications: Sequence[str] = (),
) -> VideoOutcome:
    """Draw landmarks into every frame; also write them as JSON lines beside the video.

    A line is ``{"frame": 0, "time": 0.0, "faces": [...]}``, faces as `FaceLandmarks.to_dict`. What
    could be read of a cut video is kept. Every frame is shown at its own time, and the sound of a
    file is copied, see `carry_sound`.

    Args:
        source: where frames come from.
        out: video to write; its suffix chooses the format.
        tracker: finds the faces.
        schema: point set to convert to, see `FaceLandmarks.convert`.
        progress: wraps the frames, e.g. `tqdm`.
        csv: write a `FrameTable` beside the video, too, and with `applications` a `MeasureTable`,
            ``NAME.faces.csv``.
        applications: what to measure of each face, see `applications.measured`. With ``eyes``,
            the blinks go to ``NAME.blinks.json``: ``{"blinks": [{"track_id", "start", "end",
            "lowest", "depth"}]}``, seconds.

    Raises:
        UserError: `out` has an unknown suffix, is the source, or cannot be written, or the source
            has no frame.
    """
    out = Path(out)
    _check_name(out, source)
    lines, log = out.with_suffix('.jsonl'), BlinkLog()
    with replacing(out) as video:
        with ExitStack() as files:
            table = _open(files, lines)
            tables = _tables(files, out, applications) if csv else []
            sink = files.enter_context(VideoSink(video, source.rate, out, source.grid))
            for frame, faces in follow(progress(source), tracker):
                if applications:
                    faces = [face.with_applications(applications) for face in faces]
                    log.add(frame.time, faces)
                faces = [face.convert(schema) if schema else face for face in faces]
                sink.write(_drawn(frame.image, faces), frame.time, frame.duration, source.aspect)
                table.write(_line(frame, faces))
                for one in tables:
                    one.write(frame.number, frame.time, faces)
        sound = None if source.is_live else carry_sound(Path(source.name), video, source.end)
    blinks = None
    if 'eyes' in applications:
        blinks = log.blinks()
        write_json(out.with_suffix('.blinks.json'), {'blinks': blinks})
    count = None if blinks is None else len(blinks)
    return VideoOutcome(lines, source.complaint, sound, source.note, count)


def _check_name(out: Path, source: VideoSource) -> None:
    if out.suffix.lower() not in FORMATS:
        raise UserError(f'{out}: the name of the output must end in {", ".join(FORMATS)}')
    if out.exists() and Path(source.name).exists() and out.samefile(source.name):
        raise UserError(f'{out}: is the video that is read, give another name to write to')


def _tables(
    files: ExitStack, out: Path, applications: Sequence[str]
) -> list[FrameTable | MeasureTable]:
    points = FrameTable(_open(files, out.with_suffix('.csv')))
    if not applications:
        return [points]
    measures = _open(files, out.with_suffix('.faces.csv'))
    return [points, MeasureTable(measures, columns_of(check_applications(applications)))]


def _open(files: ExitStack, path: Path) -> TextIO:
    """A text file that is written whole or not at all, until `files` closes."""
    temporary = files.enter_context(replacing(path))
    return files.enter_context(temporary.open('w', newline='', encoding='utf-8'))


def _drawn(image: np.ndarray, faces: list[FaceLandmarks]) -> np.ndarray:
    for face in faces:
        image = face.draw(image)
    return image


def _line(frame: Frame, faces: list[FaceLandmarks]) -> str:
    found = [face.to_dict() for face in faces]
    return json.dumps({'frame': frame.number, 'time': round(frame.time, 4), 'faces': found}) + '\n'
