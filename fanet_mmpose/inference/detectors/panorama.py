"""Pictures that are much longer than wide, cut into overlapping windows.

A detector shrinks the whole picture to its own size; nothing is left of the faces of a panorama.
"""

from __future__ import annotations

import math

ELONGATED = 3.5  # longer over shorter side from which a picture is cut
SHAPE = 3  # longer over shorter side of a window
LEAST = 640  # longer side of a window of a very low picture, px


def windows(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """Parts of a picture, [left, top, right, bottom) px, that cover it in reading order.

    Neighbours share the picture's shorter side, so that every face is whole in one of them. A
    picture that is not elongated is one window.
    """
    longer, shorter = max(height, width), min(height, width)
    if longer < ELONGATED * shorter:
        return [(0, 0, width, height)]
    length = min(longer, max(SHAPE * shorter, LEAST))
    count = math.ceil((longer - length) / (length - shorter)) + 1
    starts = [round(index * (longer - length) / max(1, count - 1)) for index in range(count)]
    if width >= height:
        return [(start, 0, start + length, height) for start in starts]
    return [(0, start, width, start + length) for start in starts]
