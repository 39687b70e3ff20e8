"""Which photographs are put aside for validation, without a list and without a framework."""

from __future__ import annotations

import zlib
from pathlib import PurePath


def is_held_out(file_name: str, every: int) -> bool:
    """Whether a photograph belongs to the held-out part, about one in `every`.

    Decided by the CRC-32 of its name (the folder does not count), so all faces of one photograph
    stay on one side, whatever the order, the machine or the seed.
    """
    return name_hash(PurePath(file_name).name) % every == 0


def name_hash(name: str) -> int:
    """CRC-32 of a name."""
    return zlib.crc32(name.encode())
