"""Faces as an SVG over their picture: sharp at any zoom, names and scores under the pointer."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import cv2
import numpy as np

from fanet_mmpose.inference.face_landmarks import SEEN, FaceLandmarks, confidence_colour

SHOWN = 1600  # longer side of the picture that is sent back, px
QUALITY = 90
MARGIN = 0.1  # of a close-up, in its size
AXIS_COLOURS = ('red', 'limegreen', 'dodgerblue')  # x, y and outward of the head


def draw_svg(image: np.ndarray, faces: Sequence[FaceLandmarks], close_up: bool = False) -> str:
    """The picture [H, W, 3], blue first, with a circle and a number for each point.

    Coordinates are the picture's own pixels; a pixel's centre is at an integer, so the view
    begins half a pixel before the first one. Numbers are hidden until a style shows them.
    A head whose pose was measured has its axes. `close_up` cuts the view to what lies round the
    faces; several faces bear their numbers.
    """
    left, top, right, bottom = _around(faces, image) if close_up else (0, 0, *image.shape[1::-1])
    place = f'{left - 0.5} {top - 0.5} {right - left} {bottom - top}'
    x, y, width, height = place.split()
    several = len(faces) > 1
    drawn = ''.join(_draw_face(face, i if several else None) for i, face in enumerate(faces))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{place}" role="img" '
        f'aria-label="landmarks"><image x="{x}" y="{y}" width="{width}" height="{height}" '
        f'href="{_data_url(image[top:bottom, left:right])}"/>{drawn}</svg>'
    )


def _around(faces: Sequence[FaceLandmarks], image: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what holds every face with its points, inside the picture."""
    height, width = image.shape[:2]
    corners = [np.concatenate([face.points, face.box.reshape(2, 2)]) for face in faces]
    if not corners:
        return 0, 0, width, height
    points = np.concatenate(corners)
    margin = MARGIN * np.ptp(points, axis=0).max()
    first = np.floor(points.min(0) - margin).clip(0, (width - 1, height - 1))
    last = np.ceil(points.max(0) + margin).clip(first + 1, (width, height))
    return int(first[0]), int(first[1]), int(last[0]), int(last[1])


def _draw_face(face: FaceLandmarks, number: int | None) -> str:
    x1, y1, x2, y2 = face.box
    unit = max(x2 - x1, y2 - y1) / 100
    turn = f'rotate({face.roll:.2f} {(x1 + x2) / 2:.2f} {(y1 + y2) / 2:.2f})'
    box = (
        f'<rect x="{x1:.2f}" y="{y1:.2f}" width="{x2 - x1:.2f}" height="{y2 - y1:.2f}" '
        f'transform="{turn}"/>'
    )
    points = ''.join(_draw_point(face, index, unit) for index in range(len(face.points)))
    which = (
        ''
        if number is None
        else f'<text class="which" style="font-size:{12 * unit:.2f}px" x="{x1:.2f}" '
        f'y="{y1 - unit:.2f}">{number}</text>'
    )
    return (
        f'<g class="face" style="font-size:{3 * unit:.2f}px">{box}{points}{_draw_axes(face)}'
        f'{which}</g>'
    )


def _draw_axes(face: FaceLandmarks) -> str:
    if not face.measured or not face.measured.pose:
        return ''
    (x, y), *ends = face.measured.pose.axes.tolist()
    return ''.join(
        f'<line class="axis" x1="{x:.2f}" y1="{y:.2f}" x2="{to_x:.2f}" y2="{to_y:.2f}" '
        f'stroke="{colour}"/>'
        for (to_x, to_y), colour in zip(ends, AXIS_COLOURS, strict=True)
    )


def _draw_point(face: FaceLandmarks, index: int, unit: float) -> str:
    (x, y), score = face.points[index], float(face.scores[index])
    blue, green, red = (round(value) for value in confidence_colour(score))
    colour = f'rgb({red},{green},{blue})'
    seen = float(face.visibility[index])
    fill = colour if seen >= SEEN else 'none'
    title = html.escape(f'{face.schema} {index}: score {score:.2f}, visible {seen:.2f}')
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{unit:.2f}" stroke="{colour}" fill="{fill}">'
        f'<title>{title}</title></circle><text x="{x + unit:.2f}" y="{y - unit:.2f}">{index}</text>'
    )


def _data_url(image: np.ndarray) -> str:
    """The picture, averaged down to `SHOWN`, inside the page: nothing is left to be fetched."""
    scale = min(1.0, SHOWN / max(image.shape[:2]))
    if scale < 1:
        size = [max(1, round(side * scale)) for side in image.shape[1::-1]]
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return 'data:image/jpeg;base64,' + base64.b64encode(encoded.tobytes()).decode()
