"""Things in front of a face: hands, objects, bars, loose hair."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.layers import lay_over, shaded, tinted
from fanet_mmpose.synthetic.look import Look, random_colour
from fanet_mmpose.synthetic.noise_bank import noise


def _capsule(
    picture: np.ndarray, mask: np.ndarray, ends: np.ndarray, radius: float, colour: np.ndarray
) -> None:
    """A round bar between two points [2, 2], lit from the front, in place."""
    size = picture.shape[0]
    low = np.clip(np.floor(ends.min(axis=0) - radius - 1), 0, size).astype(int)
    high = np.clip(np.ceil(ends.max(axis=0) + radius + 2), 0, size).astype(int)
    if (high <= low).any():
        return
    window = slice(low[1], high[1]), slice(low[0], high[0])
    y, x = np.mgrid[window].astype(np.float32)
    along = ends[1] - ends[0]
    share = ((x - ends[0, 0]) * along[0] + (y - ends[0, 1]) * along[1]) / (along @ along + 1e-6)
    share = np.clip(share, 0, 1)
    distance = np.hypot(x - ends[0, 0] - share * along[0], y - ends[0, 1] - share * along[1])
    cover = np.clip(radius - distance + 0.5, 0, 1).astype(np.float32)
    roundness = np.sqrt(np.clip(1 - (distance / (radius + 0.5)) ** 2, 0, 1)).astype(np.float32)
    picture[window] = lay_over(picture[window], tinted(0.35 + 0.65 * roundness, colour), cover)
    mask[window] |= (cover > 0.5).astype(np.uint8)


def _hand(rng: np.random.Generator, picture: np.ndarray, look: Look, at: np.ndarray, face: float):
    """Palm and fingers that come from outside; returns the mask."""
    mask = np.zeros(picture.shape[:2], dtype=np.uint8)
    brightness = picture[picture.shape[0] // 3 : -picture.shape[0] // 3].mean() + 0.1
    skin = np.square(look.skin) * rng.uniform(0.8, 1.2) * min(1.3, 2.2 * brightness + 0.2)
    finger = face * rng.uniform(0.055, 0.075)
    angle = rng.uniform(-0.5, np.pi + 0.5)
    towards = -np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-towards[1], towards[0]])
    palm = at - towards * finger * 6
    _capsule(picture, mask, np.stack([palm, palm - towards * face]), finger * 2.4, skin * 0.9)
    for number in rng.permutation(4):
        root = palm + across * finger * 1.9 * (number - 1.5) + towards * finger * 1.0
        reach = finger * (5.8 + rng.normal(0, 0.5) - 0.7 * abs(number - 1.4))
        tip = root + towards * reach + across * rng.normal(0, 0.9) * finger
        _capsule(picture, mask, np.stack([root, tip]), finger, skin)
    return mask


def _object(rng: np.random.Generator, picture: np.ndarray, at: np.ndarray, face: float):
    """A flat thing with some texture; returns the mask."""
    size = picture.shape[0]
    count = int(rng.integers(4, 10))
    turn = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = face * rng.uniform(0.1, 0.28) * rng.uniform(0.7, 1.2, count)
    outline = at + np.stack([np.cos(turn) * reach * rng.uniform(0.7, 1.6), np.sin(turn) * reach], 1)
    mask = np.zeros((size, size), dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 1, shift=4)
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7)
    kind = rng.choice(['clouds', 'rough', 'strands', 'blotches'])
    paint = shaded(noise(rng, kind, size, size), random_colour(rng), rng.uniform(0, 0.4))
    picture[...] = lay_over(picture, paint * paint, soft)
    return mask


def _bar(rng: np.random.Generator, picture: np.ndarray, at: np.ndarray, face: float):
    """A pole, a cable or a microphone; returns the mask."""
    mask = np.zeros(picture.shape[:2], dtype=np.uint8)
    angle = rng.uniform(0, np.pi)
    away = np.array([np.cos(angle), np.sin(angle)]) * picture.shape[0]
    radius = face * rng.uniform(0.012, 0.08)
    colour = np.square(random_colour(rng))
    _capsule(picture, mask, np.stack([at, at + away]), radius, colour)
    if rng.random() < 0.5:
        _capsule(picture, mask, np.stack([at, at + 0.02 * away]), radius * 1.8, colour * 0.5)
    return mask


def _loose_hair(
    rng: np.random.Generator, picture: np.ndarray, look: Look, at: np.ndarray, face: float
):
    """Strands over brow and eye; too thin to hide a point, so the mask is empty."""
    start = at + rng.normal(0, 0.1, 2) * face - [0, 0.75 * face]
    down = np.linspace(0, 1, 12)[:, None]
    lean = rng.normal(0, 0.35)
    for _ in range(int(rng.integers(8, 40))):
        bend = np.array([lean + rng.normal(0, 0.12), rng.uniform(0.5, 1.0)]) * face
        curl = rng.normal(0, 0.06) * face * np.sin(down * np.pi * rng.uniform(0.5, 1.5))
        line = start + [rng.normal(0, 0.12) * face, 0] + down * bend + curl * [1, 0]
        colour = np.square(look.hair) * rng.uniform(0.5, 1.5)
        fixed = [np.round(line * 16).astype(np.int32)]
        cv2.polylines(picture, fixed, False, colour.tolist(), 1, cv2.LINE_AA, shift=4)
    return np.zeros(picture.shape[:2], dtype=np.uint8)


def occlude(
    rng: np.random.Generator, picture: np.ndarray, look: Look, centre: np.ndarray, face: float
) -> np.ndarray:
    """Put one thing in front of a face, in place.

    Args:
        rng: chooses it.
        picture: [H, W, 3] linear light.
        look: the person, for the colours of hands and hair.
        centre: (x, y) of the middle of the face, px.
        face: its longer side, px.

    Returns:
        [H, W] uint8, 1 where it hides what is behind.
    """
    at = centre + rng.uniform(-0.45, 0.45, 2) * face
    kind = rng.choice(4, p=[0.4, 0.25, 0.15, 0.2])
    if kind == 0:
        return _hand(rng, picture, look, at, face)
    if kind == 1:
        return _object(rng, picture, at, face)
    if kind == 2:
        return _bar(rng, picture, at, face)
    return _loose_hair(rng, picture, look, centre, face)
