"""How fast faces are drawn."""

from __future__ import annotations

import time

import cv2

from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety


def measure_speed(num: int, image_size: int, variety: Variety) -> str:
    """Draw `num` faces in one process and one thread; a sentence with both kinds of time.

    Raises:
        UserError: no faces asked for.
    """
    if num < 1:
        raise UserError(f'num must be at least 1: {num}')
    cv2.setNumThreads(1)
    render_face((1, 0, 0), image_size, variety)  # builds the mesh and the noise
    wall, busy = time.perf_counter(), time.process_time()
    for index in range(num):
        render_face((0, 0, index), image_size, variety)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return (
        f'{num} faces of {image_size} px: {1000 * busy / num:.1f} ms of CPU and '
        f'{1000 * wall / num:.1f} ms of wall clock each, {num / wall:.0f} faces/s'
    )
