"""Points of posed heads: on the surface, hidden when turned away, consistent under flips."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.synthetic.face_mesh import face_mesh
from fanet_mmpose.synthetic.head_pose import PosedHead, pose_head
from fanet_mmpose.synthetic.head_state import HeadState
from fanet_mmpose.synthetic.landmarks import FacePoints, face_points
from fanet_mmpose.synthetic.rasterize import rasterize
from fanet_mmpose.synthetic.shape_modes import MODE_NAMES

SIZE = 224
CENTRE = np.array([(SIZE - 1) / 2] * 2)
IMAGE_LEFT_EYE, IMAGE_RIGHT_EYE = np.arange(60, 68), np.arange(68, 76)


def pose(
    yaw: float = 0, pitch: float = 0, roll: float = 0
) -> tuple[PosedHead, FacePoints, np.ndarray]:
    """A neutral head with its points and its depth picture."""
    state = HeadState(
        np.zeros(len(MODE_NAMES)), np.array([yaw, pitch, roll], float), np.zeros(2), 900.0
    )
    head = pose_head(state, CENTRE, 120)
    mesh = face_mesh()
    fragments = rasterize(head.points, head.camera[:, 2], mesh.triangles, (SIZE, SIZE))
    depth = np.full(SIZE * SIZE, -1e4, dtype=np.float32)
    values = head.camera[:, 2:].astype(np.float32)
    depth[fragments.pixels] = fragments.interpolate(mesh.triangles, values)[:, 0]
    depth = depth.reshape(SIZE, SIZE)
    return head, face_points(head, depth), depth


def test_frontal_face_is_all_visible_and_framed_as_asked() -> None:
    _, points, _ = pose()
    assert points.visible.all() and points.wings_visible.all()
    low, high = points.points.min(axis=0), points.points.max(axis=0)
    np.testing.assert_allclose((low + high) / 2, CENTRE, atol=1.0)
    assert abs((high - low).max() - 120) < 2


@pytest.mark.parametrize('schema', ['wflw98', '300w68', 'cofw29', 'aflw19'])
def test_mirroring_equals_turning_the_other_way(schema: str) -> None:
    flip = get_schema(schema).flip_indices
    for angles in ((0, 0, 0), (35, 5, 10)):
        yaw, pitch, roll = angles
        points, visible = pose(yaw, pitch, roll)[1].to_schema(schema)
        other, other_visible = pose(-yaw, pitch, -roll)[1].to_schema(schema)
        mirrored = other[flip] * [-1, 1] + [SIZE - 1, 0]
        np.testing.assert_allclose(mirrored, points, atol=0.6)
        assert (other_visible[flip] == visible).mean() > 0.93


@pytest.mark.parametrize(('yaw', 'hidden'), [(65, IMAGE_RIGHT_EYE), (-65, IMAGE_LEFT_EYE)])
def test_the_eye_that_turns_away_is_hidden(yaw: float, hidden: np.ndarray) -> None:
    _, points, _ = pose(yaw)
    shown = IMAGE_LEFT_EYE if yaw > 0 else IMAGE_RIGHT_EYE
    assert points.visible[hidden].mean() < 0.4
    assert points.visible[shown].all()


def test_visible_points_lie_on_the_surface_that_is_seen() -> None:
    for yaw in (0, -30, 50):
        head, points, depth = pose(yaw, 8)
        inner = face_mesh().landmarks[33:]
        column, row = np.rint(points.points[33:][points.visible[33:]]).astype(int).T
        behind = head.camera[inner[points.visible[33:]], 2] - depth[row, column]
        assert np.median(np.abs(behind)) < 1.5
        assert (behind > -6).mean() > 0.9, 'nothing seen lies behind the surface'


def test_the_far_outline_follows_the_edge_of_the_picture() -> None:
    _, points, depth = pose(40)
    far = points.points[22:30]
    column, row = np.rint(far).astype(int).T
    covered = depth > -1e3
    reach = np.array([covered[y, x + 4 : x + 12].sum() for x, y in zip(column, row, strict=True)])
    # Ear and neck may go on; the cheek and the jaw end there.
    assert (reach[:6] <= 6).mean() > 0.5
    assert points.visible[20:30].all()


def test_hide_takes_only_what_is_covered() -> None:
    _, points, _ = pose()
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[int(points.points[57, 1]) :] = 1
    hidden = points.hide(mask)
    assert not hidden.visible[[16, 85, 90]].any()
    assert hidden.visible[[33, 46, 60, 72, 54]].all()
    np.testing.assert_array_equal(hidden.points, points.points)
