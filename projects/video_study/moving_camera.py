"""A still face seen by a moving camera: known warps, so every frame's truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.boxes import longer_side, tight_box
from fanet_mmpose.geometry.crop import crop_image, transform_points

# Of the tight box's middle and of the hill that moves the mouth, in face sizes.
MOUTH, MOUTH_WIDTH = 0.22, 0.15


@dataclass(frozen=True)
class CameraOptions:
    """The camera. Half of the time it moves, half of the time only the hand shakes.

    Attributes:
        frames: how many.
        rate: frames per second.
        side: of the square frame, px.
        face: longer side of the face at zoom 1, px.
        pan: largest shift of the face, in face sizes.
        zoom: largest change of size, as a factor.
        roll: largest turn, degrees.
        shake: standard deviation of the hand's shake, in face sizes.
        speech: largest shift of the mouth's middle, up and down twice a second, in face sizes.
        noise: standard deviation of the sensor's noise, grey levels.
        quality: lowest and highest JPEG quality, drawn anew for each frame.
    """

    frames: int = 90
    rate: float = 25.0
    side: int = 256
    face: float = 110.0
    pan: float = 0.35
    zoom: float = 1.25
    roll: float = 15.0
    shake: float = 0.004
    speech: float = 0.03
    noise: float = 5.0
    quality: tuple[int, int] = (60, 90)


@dataclass(frozen=True, eq=False)
class SequenceFrame:
    """A frame, uint8 [side, side, 3] blue first, its time in s and its true points [K, 2], px."""

    time: float
    image: np.ndarray
    points: np.ndarray


def move_camera(
    image: np.ndarray, points: np.ndarray, options: CameraOptions, rng: np.random.Generator
) -> Iterator[SequenceFrame]:
    """Frames of one face, which also moves its mouth.

    Args:
        image: uint8 [H, W, 3], blue first.
        points: [K, 2] the face's annotated points, px.
        options: see `CameraOptions`.
        rng: all randomness.
    """
    box = tight_box(points)
    size = longer_side(box)
    middle, scale = (box[:2] + box[2:]) / 2, options.face / size
    mouth, width = middle + [0, MOUTH * size], MOUTH_WIDTH * size
    for index, (x, y, zoom, roll) in enumerate(camera_path(options, rng)):
        turn = (
            scale * zoom * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        )
        goal = options.side / 2 + options.face * np.array([x, y])
        matrix = np.column_stack([turn, goal - turn @ middle])
        shift = options.speech * size * np.sin(4 * np.pi * index / options.rate)
        frame = crop_image(_bulge(image, mouth, width, shift), matrix, (options.side, options.side))
        seen = _through_a_sensor(frame, options, rng)
        moved = points + bump(points, mouth, width, shift)
        yield SequenceFrame(index / options.rate, seen, transform_points(moved, matrix))


def bump(points: np.ndarray, middle: np.ndarray, width: float, shift: float) -> np.ndarray:
    """Displacement [..., 2] px of `points` [..., 2]: a Gaussian hill of height `shift` in y."""
    square = ((points - middle) ** 2).sum(-1) / (2 * width**2)
    return np.stack([np.zeros_like(square), shift * np.exp(-square)], -1)


def _bulge(image: np.ndarray, middle: np.ndarray, width: float, shift: float) -> np.ndarray:
    """The image displaced by `bump`; the way back is found by repetition, exact to 0.1 px."""
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    goal = np.stack([columns, rows], -1).astype(float)
    source = goal
    for _ in range(3):
        source = goal - bump(source, middle, width, shift)
    return cv2.remap(image, source.astype(np.float32), None, cv2.INTER_LINEAR)


def camera_path(options: CameraOptions, rng: np.random.Generator) -> np.ndarray:
    """[frames, 4]: shift x and y in face sizes, factor of size, turn in radians.

    Smooth waves of 0.2 to 0.6 Hz under an envelope that stands still for half of the time, plus
    shake: noise with a memory of about two frames.
    """
    time = np.arange(options.frames) / options.rate
    waves = [np.sin(2 * np.pi * (rng.uniform(0.2, 0.6) * time + rng.uniform())) for _ in range(4)]
    moving = np.clip(1.5 * np.sin(2 * np.pi * (time / 3 + rng.uniform())), 0, 1)  # 3 s a round
    path = np.cumsum(np.diff(np.stack(waves, 1), axis=0, prepend=0) * moving[:, None], axis=0)
    path = path - (path.max(0) + path.min(0)) / 2
    path /= np.maximum(np.abs(path).max(0), 1e-9)
    shake = rng.normal(0, 1, (options.frames, 4))
    for before, now in zip(shake[:-1], shake[1:], strict=True):
        now += 0.6 * before
    shake *= options.shake * np.sqrt(1 - 0.6**2)
    x, y = options.pan * path[:, 0], options.pan * path[:, 1]
    zoom = options.zoom ** path[:, 2]
    roll = np.deg2rad(options.roll) * path[:, 3]
    return np.stack([x, y, zoom, roll], 1) + shake


def _through_a_sensor(
    frame: np.ndarray, options: CameraOptions, rng: np.random.Generator
) -> np.ndarray:
    noise = rng.standard_normal(frame.shape, np.float32) * options.noise
    noisy = np.clip(np.rint(frame + noise), 0, 255).astype(np.uint8)
    quality = int(rng.integers(options.quality[0], options.quality[1] + 1))
    encoded = cv2.imencode('.jpg', noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)
