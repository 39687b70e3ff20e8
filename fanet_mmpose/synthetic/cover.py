"""What hair, hats and cloths cover: on the skin and of the points."""

from __future__ import annotations

import numpy as np

from fanet_mmpose.synthetic.face_mesh import FaceMesh, face_mesh
from fanet_mmpose.synthetic.head_surface import MM_PER_RADIAN
from fanet_mmpose.synthetic.landmark_curves import NUM_OUTLINE
from fanet_mmpose.synthetic.look import Look

# Mouth, lower nose, and the outline from cheek to cheek.
_UNDER_CLOTH = (*range(5, 28), 53, 54, *range(55, 60), *range(76, 96))
_HAT_LINE = np.array([[0, -46], [90, -14], [180, 30]])


def hat_line(degrees: np.ndarray) -> np.ndarray:
    """Chart height of a hat's rim at angles round the head, mm."""
    return np.interp(np.abs(degrees), *_HAT_LINE.T)


def painted_over(look: Look, mesh: FaceMesh | None = None) -> np.ndarray:
    """Which of the 98 points lie under a fringe or a cloth [98], bool."""
    chart = (mesh or face_mesh()).landmark_chart
    degrees, height = np.rad2deg(chart[:, 0] / MM_PER_RADIAN), chart[:, 1]
    covered = np.zeros(98, dtype=bool)
    if look.cut != 'shaved':
        # The outline in front of the ears is marked where sideburns are, too.
        fringe = np.interp(np.abs(degrees), look.line_angles, look.line) > height + 1
        covered[NUM_OUTLINE:96] = fringe[NUM_OUTLINE:]
    if look.mask is not None:
        covered[list(_UNDER_CLOTH)] = True
    return covered
