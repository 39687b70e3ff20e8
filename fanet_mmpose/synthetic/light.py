"""Light on the head: one lamp, a sky, soft cast shadows, shine."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Light:
    """Camera axes: x right, y down, z towards the viewer.

    Attributes:
        direction: unit vector towards the lamp [3].
        lamp: its colour and strength, blue first [3].
        sky: ambient light from above, and ground: from below [3].
        shadow: how much of the lamp a cast shadow takes, 0..1.
        softness: 0 hard, 1 as from a large window.
    """

    direction: np.ndarray
    lamp: np.ndarray
    sky: np.ndarray
    ground: np.ndarray
    shadow: float
    softness: float


def _temperature(rng: np.random.Generator, spread: float) -> np.ndarray:
    warm = rng.normal(0, spread)
    return np.array([1 - warm, 1 + rng.normal(0, spread * 0.25), 1 + warm])


def draw_light(rng: np.random.Generator) -> Light:
    """Mostly from the front and above; sometimes hard, from the side or from below."""
    direction = np.array([rng.normal(0, 0.65), rng.normal(-0.45, 0.45), abs(rng.normal(0.8, 0.35))])
    direction /= np.linalg.norm(direction)
    share = rng.uniform(0.25, 0.96)
    total = np.exp(rng.normal(0.22, 0.28))
    sky = (1 - share) * total * _temperature(rng, 0.08)
    return Light(
        direction=direction,
        lamp=1.15 * share * total * _temperature(rng, 0.12),
        sky=sky * 1.15,
        ground=sky * rng.uniform(0.35, 0.9) * _temperature(rng, 0.06),
        shadow=float(rng.uniform(0.2, 0.95)),
        softness=float(rng.uniform(0, 1)),
    )


def cast_shadow(
    depth: np.ndarray, direction: np.ndarray, pixels_per_mm: float, softness: float
) -> np.ndarray:
    """How much of the lamp reaches each pixel [H, W] in 0..1.

    Marches from every pixel towards the lamp over the depth picture (mm; -1e4 where empty), so
    only what the camera sees can cast a shadow.
    """
    lit = np.ones(depth.shape, dtype=np.float32)
    for reach in (4.0, 8.0, 13.0, 19.0, 27.0):
        dx, dy, dz = direction * reach
        shift = np.array([[1, 0, dx * pixels_per_mm], [0, 1, dy * pixels_per_mm]], np.float32)
        ahead = cv2.warpAffine(
            depth, shift, depth.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        blocked = ahead - depth - dz
        # Things far in front are another layer (hair over a shoulder): let light pass behind.
        lit[(blocked > 1.0) & (blocked < 45)] = 0
    return cv2.GaussianBlur(lit, (0, 0), 0.6 + 2.2 * softness * pixels_per_mm)


def crevices(depth: np.ndarray, pixels_per_mm: float) -> np.ndarray:
    """How open each pixel is to the sky [H, W], 1 open: ambient occlusion from the depth picture.

    A pixel that lies deeper than the mean of its neighbourhood is darker.
    """
    there = (depth > -1e3).astype(np.float32)
    result = np.ones_like(depth)
    for reach, strength in ((4.0, 0.05), (14.0, 0.022)):
        sigma = reach * pixels_per_mm
        share = cv2.GaussianBlur(there, (0, 0), sigma)
        mean = cv2.GaussianBlur(depth * there, (0, 0), sigma) / np.maximum(share, 1e-3)
        deeper = np.clip(mean - depth, 0, 25) * there
        result *= np.exp(-np.float32(strength) * deeper)
    return result


def shade(normals: np.ndarray, paint: np.ndarray, lit: np.ndarray, light: Light) -> np.ndarray:
    """Linear light leaving each of P pixels towards the camera [P, 3].

    Args:
        normals: [P, 3] camera axes, about unit length.
        paint: [P, 4] linear reflectance and strength of the shine.
        lit: [P] from `cast_shadow`.
        light: the lamp and the sky.
    """
    # One contiguous row per component: several times faster than [P, 3] with broadcasting.
    x, y, z = np.ascontiguousarray(normals.T)
    length = 1 / (np.sqrt(x * x + y * y + z * z) + np.float32(1e-6))
    half = light.direction + [0, 0, 1]
    half = (half / np.linalg.norm(half)).astype(np.float32)
    towards = light.direction.astype(np.float32)
    facing = (x * towards[0] + y * towards[1] + z * towards[2]) * length
    glance = np.maximum((x * half[0] + y * half[1] + z * half[2]) * length, 0)
    wrap = np.float32(0.05 + 0.25 * light.softness)
    reach = 1 - np.float32(light.shadow) * (1 - lit)
    diffuse = np.clip((facing + wrap) / (1 + wrap), 0, 1) * reach
    up = np.float32(0.5) - np.float32(0.5) * y * length
    broad = glance**4
    broad *= broad * broad
    narrow = broad * broad
    narrow *= narrow
    *albedo, gloss = np.ascontiguousarray(paint.T)
    shine = gloss * (np.float32(0.10) * broad + np.float32(0.16) * narrow) * reach
    channels = zip(albedo, light.lamp, light.sky, light.ground, strict=True)
    return np.stack(
        [
            reflected * (np.float32(low) + up * np.float32(high - low) + diffuse * np.float32(lamp))
            + shine * np.float32(lamp)
            for reflected, lamp, high, low in channels
        ],
        axis=1,
    )
