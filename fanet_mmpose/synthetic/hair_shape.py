"""The shape of hair and hats: how far they stand off the head, and long hair as a curtain."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.synthetic.cover import hat_line
from fanet_mmpose.synthetic.face_mesh import (
    CURTAIN_COLUMNS,
    CURTAIN_ROWS,
    FaceMesh,
    face_mesh,
)
from fanet_mmpose.synthetic.look import Look


def hair_lift(rng: np.random.Generator, look: Look, mesh: FaceMesh | None = None) -> np.ndarray:
    """How far each vertex [V] is raised off the skin, mm."""
    mesh = mesh or face_mesh()
    lift = np.zeros(len(mesh.vertices), dtype=np.float32)
    degrees, height = np.rad2deg(mesh.chart[:, 0] / 70), mesh.chart[:, 1]
    line = np.interp(np.abs(degrees), look.line_angles, look.line)
    deep = np.clip((line - height) / 14, 0, 1) * np.clip((150 - np.abs(height)) / 20, 0.15, 1)
    # Sideburns lie flat: in front of the ears the outline of the face is under them.
    deep *= np.clip(np.maximum((np.abs(degrees) - 86) / 10, (-8 - height) / 20), 0, 1)
    waves = sum(np.cos(mesh.chart @ rng.normal(0, 1 / 14, 2) + rng.uniform(0, 6)) for _ in range(5))
    side = 1 + rng.uniform(-0.4, 0.5) * np.sin(np.deg2rad(degrees)) * (height < 0)
    lift[: mesh.num_skin] = look.hair_lift * deep * side * np.clip(1 + 0.12 * waves, 0.2, 2)
    if look.hat is not None:
        covered = np.clip((hat_line(degrees) - height) / 5, 0, 1)
        lift[: mesh.num_skin] += covered * (rng.uniform(5, 14) - lift[: mesh.num_skin])
    return lift


def curtain(rng: np.random.Generator, look: Look) -> np.ndarray:
    """Long hair [CURTAIN_ROWS, CURTAIN_COLUMNS, 3] mm, head's frame; a point for none."""
    if look.cut != 'long':
        return np.zeros((CURTAIN_ROWS, CURTAIN_COLUMNS, 3))
    low, high = np.deg2rad(rng.uniform([58, 58], [95, 95]))
    down = np.linspace(0, 1, CURTAIN_ROWS)[:, None]
    length = rng.uniform(60, 190)
    y = -72 + (72 + length) * down
    # The front edge may swing over the cheek, or fall back over the ear.
    swing = np.deg2rad(rng.uniform(-16, 8)) * np.sin(
        np.pi * np.clip(down * rng.uniform(0.6, 1.2), 0, 1)
    )
    turn = np.linspace(0, 1, CURTAIN_COLUMNS)[None]
    angle = np.pi + (turn - 0.5) * 2 * np.where(
        turn < 0.5, np.pi - low - swing, np.pi - high - swing
    )
    flare = rng.uniform(-0.08, 0.22) * np.clip(y - 10, 0, None)
    waves = rng.uniform(0, 3) * np.cos(down * rng.uniform(5, 18) + 9 * turn)
    out = 71 + look.hair_lift + flare + waves - 12 * np.clip((-40 - y) / 32, 0, 1)
    edge = np.clip(np.minimum(turn, 1 - turn) * 9, 0.55, 1)
    return np.stack([
        out * np.sin(angle) * edge**0.15, y + np.zeros_like(turn), -92 + (out + 22) * np.cos(angle)
    ], axis=-1)  # fmt: skip
