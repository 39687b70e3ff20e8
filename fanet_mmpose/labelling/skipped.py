"""What of a folder cannot be used, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from fanet_mmpose.files import write_csv

FILE = 'skipped.csv'
UNREADABLE, TINY, DUPLICATE, NO_FACE = 'unreadable', 'tiny', 'duplicate', 'no face'


@dataclass(frozen=True)
class Skipped:
    """A picture that is left out.

    Attributes:
        image: its path below the folder.
        reason: one of `UNREADABLE`, `TINY`, `DUPLICATE`, `NO_FACE`.
        detail: what was seen, in words.
    """

    image: str
    reason: str
    detail: str


def write_skipped(path: Path, skipped: Sequence[Skipped]) -> None:
    """A line for each, by name; the header alone where there is none."""
    rows = sorted(map(astuple, skipped))
    write_csv(path, ('image', 'reason', 'detail'), rows)


def summarize(skipped: Sequence[Skipped]) -> str:
    """``12 duplicate, 3 tiny`` or ``none``; the commonest first."""
    counts = Counter(each.reason for each in skipped).most_common()
    return ', '.join(f'{count} {reason}' for reason, count in counts) or 'none'
