"""Locks of hair, strand by strand, over the hairline and the outline of the head."""

from __future__ import annotations

import cv2
import numpy as np

from fanet_mmpose.synthetic.head_pose import PosedHead
from fanet_mmpose.synthetic.head_surface import MM_PER_RADIAN
from fanet_mmpose.synthetic.layers import lay_over
from fanet_mmpose.synthetic.look import Look

_STEPS = 9
# How long locks are, and how many, in shares of the face and by haircut.
_LENGTHS = {'shaved': 0.04, 'short': 0.12, 'full': 0.2, 'bangs': 0.22, 'long': 0.6}
_COUNTS = {'shaved': 0, 'short': 40, 'full': 60, 'bangs': 60, 'long': 70}


def _roots(rng: np.random.Generator, head: PosedHead, look: Look, count: int) -> np.ndarray:
    """Vertices at and above the hairline that face the camera or lie near the outline."""
    mesh = head.state.mesh
    degrees, height = np.rad2deg(mesh.chart[:, 0] / MM_PER_RADIAN), mesh.chart[:, 1]
    line = np.interp(np.abs(degrees), look.line_angles, look.line)
    above = (line - height > -1) & (line - height < rng.uniform(10, 60)) & (np.abs(degrees) < 130)
    seen = head.normals[: mesh.num_skin, 2] > -0.15
    # Sideburns have no locks, and most long hair is combed to the sides.
    aside = 75 if look.cut != 'long' else 50
    place = (np.abs(degrees) > aside) & (height < 25) if rng.random() < 0.55 else height < -12
    found = np.flatnonzero(above & seen & place)
    return rng.choice(found, min(count, len(found))) if len(found) else found


class _Comb:
    """One person's way of wearing hair: where locks hang to and how they curl."""

    def __init__(
        self, rng: np.random.Generator, middle: np.ndarray, face: float, length: float
    ) -> None:
        self.rng, self.middle, self.face, self.length = rng, middle, face, length
        self.sweep, self.curl, self.wave = (
            rng.normal(0, 0.5), abs(rng.normal(0, 0.05)), rng.uniform(2, 14)
        )  # fmt: skip
        self.inward = rng.normal(0, 0.35)
        self.along = np.linspace(0, 1, _STEPS)[:, None]

    def lock(self, root: np.ndarray) -> np.ndarray:
        """Strands [N, _STEPS, 2] in pixels that hang from a root [2]."""
        rng, face, along = self.rng, self.face, self.along
        outward = (root - self.middle) / (np.linalg.norm(root - self.middle) + 1e-6)
        sideways = self.sweep * 0.5 + (0.5 - self.inward) * outward[0]
        way = np.array([sideways, 0.9 + 0.3 * outward[1]])
        way /= np.linalg.norm(way) + 1e-6
        length = face * self.length * rng.uniform(0.4, 1.5)
        number = int(rng.integers(4, 11))
        start = root + rng.normal(0, 0.014 * face, (number, 1, 2))
        bend = self.curl * face * np.sin(along * self.wave + rng.uniform(0, 6)) * along
        reach = along * length * rng.uniform(0.6, 1.1, (number, 1, 1))
        return start + reach * way + bend * np.array([-way[1], way[0]])


def draw_strands(
    rng: np.random.Generator, picture: np.ndarray, head: PosedHead, look: Look, face: float
) -> np.ndarray:
    """Draw locks on a picture [H, W, 3] in linear light, in place.

    Args:
        rng: chooses them.
        picture: linear light.
        head: whose hair it is.
        look: its colour and cut.
        face: longer side of the face, px.

    Returns:
        [H, W] uint8, 1 where the locks are dense enough to hide what is behind.
    """
    size = picture.shape[0]
    mask = np.zeros((size, size), dtype=np.uint8)
    count = int(_COUNTS.get(look.cut, 0) * rng.uniform(0.1, 1.2))
    roots = _roots(rng, head, look, count) if look.hat is None else []
    if not len(roots):
        return mask
    brightness = float(np.clip(picture[size // 4 : -size // 4].mean() * 3, 0.25, 1.6))
    colour = np.square(look.hair) * brightness
    comb = _Comb(rng, head.points[head.state.mesh.landmarks[51]], face, _LENGTHS[look.cut])
    layer, cover = np.zeros_like(picture), np.zeros((size, size), dtype=np.float32)
    for root in head.points[roots]:
        lines = list(np.round(comb.lock(root) * 16).astype(np.int32))
        shade = colour * rng.uniform(0.6, 1.6)
        cv2.polylines(layer, lines, False, shade.tolist(), 1, cv2.LINE_AA, shift=4)
        cv2.polylines(cover, lines, False, 1.0, 1, cv2.LINE_AA, shift=4)
    # Lines are drawn on black: divided by their cover they have their own colour at the edges.
    soft, strength = rng.uniform(0.4, 1.0), rng.uniform(0.45, 1.1)
    cover = cv2.GaussianBlur(cover, (0, 0), soft)
    layer = cv2.GaussianBlur(layer, (0, 0), soft) / np.maximum(cover, 1e-3)[..., None]
    picture[...] = lay_over(picture, layer, np.clip(cover * strength, 0, 1))
    return (cv2.GaussianBlur(cover * strength, (0, 0), 0.02 * face) > 0.55).astype(np.uint8)
