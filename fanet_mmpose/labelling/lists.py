"""The two lists of a proposal: ``chosen.csv``, which a later round reads, and ``skipped.csv``."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_csv

CHOSEN, SKIPPED = 'chosen.csv', 'skipped.csv'
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


def earlier_choices(rounds: Iterable[Path]) -> set[str]:
    """Pictures that earlier proposals of the same folder chose, by path below it.

    Args:
        rounds: their output folders.

    Raises:
        UserError: one has no ``chosen.csv``, or an unreadable one.
    """
    chosen: set[str] = set()
    for folder in rounds:
        path = folder / CHOSEN
        try:
            with path.open(encoding='utf-8', newline='') as file:
                chosen |= {row['image'] for row in csv.DictReader(file)}
        except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
            raise UserError(
                f'{path}: is not the list that propose_labels.py wrote ({error}); --after takes '
                'the --out of an earlier round'
            ) from None
    return chosen
