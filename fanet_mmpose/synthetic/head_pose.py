"""One head in one pose, and its projection into the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.synthetic.anatomy import EYE_RADIUS
from fanet_mmpose.synthetic.face_mesh import MOUTH_ROWS, FaceMesh, face_mesh
from fanet_mmpose.synthetic.head_state import HeadState
from fanet_mmpose.synthetic.human_head import human_head
from fanet_mmpose.synthetic.human_state import HumanState
from fanet_mmpose.synthetic.shape_modes import mode_basis

_PIVOT = np.array([0.0, 40.0, -85.0], dtype=np.float32)


@dataclass(frozen=True)
class PosedHead:
    """The mesh as the camera sees it.

    Attributes:
        vertices: [V, 3] mm, head's frame.
        points: [V, 2] pixels.
        camera: [V, 3] mm, camera axes, head's origin at zero.
        normals: [V, 3] unit, camera axes, z towards the camera.
        head_axes: [3, 3] rotation, head frame to camera axes.
        pixels_per_mm: at the head's origin.
        offset: (x, y) pixel of the head's origin.
        mouth_gap: height of the opening between the lips, mm.
        state: what was drawn.
    """

    vertices: np.ndarray
    points: np.ndarray
    camera: np.ndarray
    normals: np.ndarray
    head_axes: np.ndarray
    pixels_per_mm: float
    offset: np.ndarray
    mouth_gap: float
    state: HeadState | HumanState

    def project(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points [N, 3] that sit on the head, in its frame: pixels [N, 2] and depth [N] in mm."""
        camera = (vertices - _PIVOT) @ self.head_axes.T + _PIVOT
        flat = _perspective(camera, self.state.distance)
        return flat * self.pixels_per_mm + self.offset, camera[:, 2]


def _perspective(camera: np.ndarray, distance: float) -> np.ndarray:
    """Camera axes [N, 3] mm -> [N, 2] mm in the plane of the head's origin."""
    return camera[:, :2] * (distance / (distance - camera[:, 2:]))


def _rotation(angles: np.ndarray) -> np.ndarray:
    """Pitch, then yaw, then roll [3, 3]; x right, y down, z towards the viewer.

    Written out: SciPy's `Rotation` takes longer than turning the whole head.
    """
    (cy, cp, cr), (sy, sp, sr) = (part(np.deg2rad(angles)) for part in (np.cos, np.sin))
    pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return (roll @ yaw @ pitch).astype(np.float32)


def _normals(mesh: FaceMesh, camera: np.ndarray) -> np.ndarray:
    """Unit normals [V, 3] of a mesh with vertices [V, 3]."""
    first, second, third = camera[mesh.triangles.T]
    (ax, ay, az), (bx, by, bz) = (second - first).T, (third - first).T
    faces = np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)
    normals = mesh.normals_from_faces @ faces
    return normals / (np.sqrt(np.einsum('vi,vi->v', normals, normals))[:, None] + 1e-9)


def _place_mouth(vertices: np.ndarray) -> float:
    """Hang the inside of the mouth behind the lips; return the height of the opening."""
    mesh = face_mesh()
    upper, lower = vertices[mesh.mouth_rims]
    down = np.linspace(0, 1, MOUTH_ROWS)[:, None, None]
    sheet = upper + down * (lower - upper)
    sheet[..., 2] -= 1.5 + 4.5 * np.sin(np.pi * down[..., 0]) ** 0.5
    vertices[mesh.mouth.ravel()] = sheet.reshape(-1, 3)
    middle = upper.shape[0] // 2
    return float(np.linalg.norm(upper[middle] - lower[middle]))


def _turn_eyes(
    mesh: FaceMesh, vertices: np.ndarray, gaze: np.ndarray, radius: float = EYE_RADIUS
) -> None:
    turn = _rotation(np.array([gaze[0], gaze[1], 0.0]))
    for ball in mesh.eyeballs:
        front, last = vertices[ball[0]], vertices[ball]
        centre = front - np.float32([0, 0, radius])
        vertices[ball] = (last - centre) @ turn.T + centre


def _turn_head(
    mesh: FaceMesh, vertices: np.ndarray, angles: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turn the head; the chest follows by half."""
    full, half = _rotation(angles), _rotation(angles * [0.4, 0.25, 0.45])
    turned = (vertices - _PIVOT) @ full.T
    share = np.zeros((len(vertices), 1), dtype=vertices.dtype)
    share[: mesh.num_skin, 0] = np.clip((mesh.chart[:, 1] - 134) / 70, 0, 1)
    chest = (vertices - _PIVOT) @ half.T
    return turned + share * (chest - turned) + _PIVOT, full


def shape_head(state: HeadState) -> tuple[np.ndarray, float]:
    """Vertices [V, 3] in mm in the head's frame, and the height of the mouth's opening."""
    mesh = face_mesh()
    moves = np.tensordot(state.coefficients.astype(np.float32), mode_basis(), axes=1)
    vertices = mesh.vertices + moves
    _turn_eyes(mesh, vertices, state.gaze)
    return vertices, _place_mouth(vertices)


def shape_human(state: HumanState) -> tuple[np.ndarray, float]:
    """`shape_head` of MakeHuman's head."""
    mesh = state.mesh
    vertices = human_head().vertices(state.coefficients)
    ball = vertices[mesh.eyeballs[0]]
    radius = float(np.ptp(ball[:, 0]) / 2)
    _turn_eyes(mesh, vertices, state.gaze, radius)
    upper, lower = vertices[mesh.landmarks[[90, 94]]]
    return vertices, float(np.linalg.norm(upper - lower))


def pose_head(
    state: HeadState | HumanState,
    centre: np.ndarray,
    face_size: float,
    hair_lift: np.ndarray | None = None,
    curtain: np.ndarray | None = None,
    hide_ears: bool = False,
) -> PosedHead:
    """Project a head so that the face's tight box has its middle and longer side as asked.

    Args:
        state: from `draw_head_state`.
        centre: (x, y) pixels of the middle of the box round the 98 landmarks.
        face_size: the longer side of that box, pixels.
        hair_lift: [V], mm by which hair or a hat stands off the skin.
        curtain: [CURTAIN_ROWS, CURTAIN_COLUMNS, 3], long hair in the head's frame.
        hide_ears: they are under the hair.
    """
    mesh = state.mesh
    vertices, gap = shape_head(state) if isinstance(state, HeadState) else shape_human(state)
    if hair_lift is not None:
        outward = vertices - np.float32([0, -10, -90])
        length = np.sqrt(np.einsum('vi,vi->v', outward, outward))
        vertices += (hair_lift / length).astype(np.float32)[:, None] * outward
    if curtain is not None:
        vertices[mesh.curtain] = curtain
    if hide_ears:
        vertices[mesh.ears] = [0, 0, -90]
    camera, axes = _turn_head(mesh, vertices, state.angles)
    flat = _perspective(camera, state.distance)
    marks = flat[mesh.landmarks]
    low, high = tight_box(marks).reshape(2, 2)
    scale = float(face_size / (high - low).max())
    offset = centre - scale * (low + high) / 2
    normals = _normals(mesh, camera)
    return PosedHead(
        vertices=vertices,
        points=flat * scale + offset,
        camera=camera,
        normals=normals,
        head_axes=axes,
        pixels_per_mm=scale,
        offset=offset,
        mouth_gap=gap,
        state=state,
    )
