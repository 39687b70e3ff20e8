"""A kind of input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A kind of input.

    Attributes:
        name: of the kind.
        files: content by relative path; together they are a valid input.
        mutated: which of them a case may change.
        run: reads them from the current folder as a user's command would; raises `UserError` or
            exits with 2 for what is wrong.
    """

    name: str
    files: Mapping[str, bytes]
    mutated: Sequence[str]
    run: Callable[[], None]
