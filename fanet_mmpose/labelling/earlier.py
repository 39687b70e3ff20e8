"""A second round: what was labelled before is not asked again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from fanet_mmpose.errors import UserError

FILE = 'chosen.csv'


def earlier_choices(rounds: Iterable[Path]) -> set[str]:
    """Pictures that earlier proposals of the same folder chose, by path below it.

    Args:
        rounds: their output folders.

    Raises:
        UserError: one has no ``chosen.csv``, or an unreadable one.
    """
    chosen: set[str] = set()
    for folder in rounds:
        path = folder / FILE
        try:
            with path.open(encoding='utf-8', newline='') as file:
                chosen |= {row['image'] for row in csv.DictReader(file)}
        except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
            raise UserError(
                f'{path}: is not the list that propose_labels.py wrote ({error}); --after takes '
                'the --out of an earlier round'
            ) from None
    return chosen
