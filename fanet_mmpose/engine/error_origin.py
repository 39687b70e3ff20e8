"""Where an exception comes from: a config that a user wrote, the host, or our own code."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

PACKAGE = Path(__file__).resolve().parents[1]
RECIPES = PACKAGE / '.mim'  # installed configs, which are no code of ours
LONGEST = 300  # characters of a reason


def frames_of(trace: TracebackType | None) -> Iterator[FrameType]:
    """Frames of a traceback, the outermost first."""
    return (frame for frame, _ in traceback.walk_tb(trace))


def is_ours(frame: FrameType) -> bool:
    """Whether a frame runs code of this package (its recipes are configs)."""
    return is_our_file(frame.f_code.co_filename)


def is_our_file(name: str) -> bool:
    """Whether a file is code of this package."""
    path = Path(name)
    return path.is_relative_to(PACKAGE) and not path.is_relative_to(RECIPES)


def reason_of(error: BaseException) -> str:
    """Kind and first line of an error, short enough for a sentence."""
    first = (str(error).strip().splitlines() or [''])[0].rstrip('.: ')
    kind = type(error).__name__
    return f'{kind}: {first[:LONGEST]}' if first else kind


def root_of(error: BaseException) -> BaseException:
    """The first of a chain of exceptions."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error
