"""68 points of the drawn head in 3D, with the ways in which heads and expressions move them.

A linear shape model as Blanz and Vetter's ("A Morphable Model for the Synthesis of 3D Faces",
SIGGRAPH 1999), learnt from drawn heads alone: mean, principal components, and what they leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.synthetic.face_mesh import face_mesh
from fanet_mmpose.synthetic.head_state import HeadState, draw_head_state
from fanet_mmpose.synthetic.shape_modes import mode_basis
from fanet_mmpose.synthetic.variety import Variety

TO_CAMERA = np.array([1, 1, -1])  # the drawn head's z points at the viewer, a camera's away


@dataclass(frozen=True)
class HeadModelOptions:
    """`heads` drawn from `seed` on; `modes` principal components are kept."""

    heads: int = 4000
    modes: int = 20
    seed: int = 0


def landmarks_3d(state: HeadState) -> np.ndarray:
    """The 68 points of a drawn head [68, 3]: mm, x right, y down, z into the head.

    The outline is where it lies on a head seen from the front; in the picture of a turned head
    the drawn outline slides over the cheek (see `synthetic.landmarks`).
    """
    landmarks = face_mesh().landmarks
    moves = np.tensordot(state.coefficients, mode_basis()[:, landmarks], axes=1)
    points = face_mesh().vertices[landmarks] + moves
    return get_conversion('wflw98', '300w68')(points.astype(float)) * TO_CAMERA


def build_head_model(options: HeadModelOptions | None = None) -> dict[str, np.ndarray]:
    """The arrays of `applications/head_model.npz`.

    Returns:
        ``mean`` [68, 3] mm; ``modes`` [M, 68, 3] mm for one standard deviation each; ``rest``
        [68] mm, standard deviation along one axis of what the modes leave.
    """
    options = options or HeadModelOptions()
    rng, variety = np.random.default_rng(options.seed), Variety()
    heads = np.stack(
        [landmarks_3d(draw_head_state(rng, variety)) for _ in range(options.heads)]
    ).reshape(options.heads, -1)
    mean = heads.mean(0)
    _, singular, axes = np.linalg.svd(heads - mean, full_matrices=False)
    kept = axes[: options.modes]
    modes = kept * (singular[: options.modes, None] / np.sqrt(options.heads - 1))
    rest = (heads - mean) - (heads - mean) @ kept.T @ kept
    return {
        'mean': mean.reshape(68, 3).astype(np.float32),
        'modes': modes.reshape(-1, 68, 3).astype(np.float32),
        'rest': np.sqrt((rest.reshape(-1, 68, 3) ** 2).mean((0, 2))).astype(np.float32),
    }
