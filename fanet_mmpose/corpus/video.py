"""Rows of the frames of a video."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

from fanet_mmpose.corpus.item import Item
from fanet_mmpose.corpus.pictures import SourceGoneError
from fanet_mmpose.corpus.rows import Row, RowMaker
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from fanet_mmpose.inference.video import follow
from fanet_mmpose.inference.video_source import VideoSource

Convert = Callable[[list[FaceLandmarks]], list[FaceLandmarks]]


def video_rows(
    item: Item, settings: JobSettings, rows: RowMaker, convert: Convert
) -> Iterator[tuple[list[Row], int]]:
    """Rows of each frame with 0, and at the end those of the video's errors with 1.

    Keys are frame numbers; ``time`` is in seconds. What could be read of a cut video is kept.

    Raises:
        SourceGoneError: the video has vanished.
    """
    errors: list[Row] = []
    if not os.path.exists(item.source):
        raise SourceGoneError(item.source)
    try:
        source = VideoSource(os.path.abspath(item.source))  # a list must not open addresses
        options = TrackerOptions()
        if settings.min_score is not None:
            options = replace(options, min_score=settings.min_score)
        tracker = FaceTracker(settings.landmarker(video=True), options)
        for frame, faces in follow(source, tracker):
            place = {'key': str(frame.number), 'time': frame.time}
            yield rows.faces(item, convert(faces), frame.image.shape, **place), 0
        if source.complaint:
            errors.append(rows.error(item, source.complaint))
    except UserError as error:
        if not os.path.exists(item.source):
            raise SourceGoneError(item.source) from error
        errors.append(rows.error(item, str(error)))
    yield errors, 1
