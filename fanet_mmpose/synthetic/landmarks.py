"""Points of the posed mesh in pixels, by the rules of the four data sets, with visibility.

The outline follows the picture, as annotators do in 300-W and WFLW: on the side that turns away,
a point of the outline slides over the cheek to where the face ends in the picture ("landmark
marching", Zhu et al., CVPR 2015) and counts as visible there. All other points stay on their spot
of the skin and are visible when nothing, the face included, lies in front of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.synthetic.head_pose import PosedHead
from fanet_mmpose.synthetic.landmark_curves import NUM_OUTLINE

# A point counts as hidden when something is this much nearer to the camera, mm.
DEPTH_SLACK = 4.0


@dataclass(frozen=True)
class FacePoints:
    """Pixel coordinates, pixel centres at integers.

    Attributes:
        points: [98, 2], WFLW's order.
        wings: [2, 2] outermost points of the nose, image-left first.
        visible: [98] bool.
        wings_visible: [2] bool.
    """

    points: np.ndarray
    wings: np.ndarray
    visible: np.ndarray
    wings_visible: np.ndarray

    def to_schema(self, schema: str) -> tuple[np.ndarray, np.ndarray]:
        """Points [K, 2] and visibility [K] (bool) in another schema.

        Raises:
            UserError: there is no way from 98 points to this schema.
        """
        conversion = get_conversion('wflw98', schema)
        points = conversion(self.points)
        # A mean of several points is seen when most of them are.
        visible = conversion.weights @ self.visible > 0.5
        for wing, index in enumerate(_WINGS.get(schema, ())):
            points[index], visible[index] = self.wings[wing], self.wings_visible[wing]
        return points, visible

    def hide(self, mask: np.ndarray) -> FacePoints:
        """The same points, those under a mask [H, W] (non-zero = covered) not visible."""
        return FacePoints(
            self.points, self.wings,
            self.visible & (look_up(mask, self.points) == 0),
            self.wings_visible & (look_up(mask, self.wings) == 0),
        )  # fmt: skip

    def conceal(self, which: np.ndarray) -> FacePoints:
        """The same points, those in `which` [98] (bool) not visible."""
        wings = self.wings_visible & ~which[list(_NEXT_TO_WINGS)]
        return FacePoints(self.points, self.wings, self.visible & ~which, wings)


_NEXT_TO_WINGS = (55, 59)
# COFW and AFLW mark the nose at its widest, the other sets below the nostrils.
_WINGS = {'cofw29': (18, 19), 'aflw19': (12, 14)}


def look_up(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The pixel [N] of a picture [H, W] nearest to each point [N, 2], the border repeated."""
    limit = np.array(picture.shape[1::-1]) - 1
    x, y = np.clip(np.rint(points).astype(int), 0, limit).T
    return picture[y, x]


def _outline_vertices(head: PosedHead) -> np.ndarray:
    """The vertex [33] of each outline path that stands out furthest to its side."""
    paths = head.state.mesh.outline_paths
    # Sideways in the picture, square to the head's own vertical axis as projected.
    down = head.head_axes[:2, 1]
    sideways = np.array([down[1], -down[0]]) / (np.linalg.norm(down) + 1e-9)
    reach = head.points[paths] @ sideways
    side = np.sign(np.arange(NUM_OUTLINE) - NUM_OUTLINE // 2)[:, None]
    best = np.argmax(reach * side, axis=1)
    return paths[np.arange(NUM_OUTLINE), best]


def face_points(head: PosedHead, depth: np.ndarray, loose: np.ndarray | None = None) -> FacePoints:
    """Read the points off a posed head.

    Args:
        head: from `pose_head`.
        depth: [H, W] mm of the foremost surface (camera axes), hugely negative where empty.
        loose: [H, W], non-zero where hair hangs in front of the head. Only it can hide an outline
            point: these stand on slopes so steep that their own depth tells nothing.
    """
    mesh = head.state.mesh
    vertices = np.concatenate([mesh.landmarks, mesh.wings])
    vertices[:NUM_OUTLINE] = _outline_vertices(head)
    points = head.points[vertices]
    # The farthest surface within a pixel: a point on an edge is not hidden by its own rim.
    behind = cv2.erode(depth, np.ones((3, 3), np.uint8))
    hidden = look_up(behind, points) > head.camera[vertices, 2] + DEPTH_SLACK
    # At the very edge of the picture of a head depth cannot tell; there the normal does.
    hidden |= head.normals[vertices, 2] < -0.05
    hidden[:NUM_OUTLINE] = False
    if loose is not None:
        hidden[:NUM_OUTLINE] = look_up(loose, points[:NUM_OUTLINE]) > 0
    size = np.array(depth.shape[1::-1])
    inside = ((points >= -0.5) & (points <= size - 0.5)).all(axis=1)
    visible = ~hidden & inside
    return FacePoints(points[:98], points[98:], visible[:98], visible[98:])
