"""The head of a photographed face as a rough surface that can be turned.

In the manner of "face profiling" (Zhu et al., CVPR 2016, arXiv 1511.07212). The face is MediaPipe's
mesh, so its depth is a machine's. Rings of anchors round and behind it carry hair, ears and neck,
and a rim far outside stays where it is. Frame: pixels of the picture, x right, y down, z towards
the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.spatial import Delaunay
from scipy.spatial.transform import Rotation

from fanet_mmpose.geometry.face_mesh import JAW, VERTICES

NUM_JAW = len(JAW)
SIDES = (234, 454)  # before the ears, image-left first
# MediaPipe's outline of the face, clockwise in the picture from the top of the forehead.
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
# Mirrored vertices, image-left first on an upright face; an upper one and a lower one.
_ACROSS = (SIDES, (33, 263), (61, 291), (93, 323), (127, 356), (172, 397))
_UPRIGHT = ((10, 152), (168, 17))
# Three rings: how far out, as a factor of the outline, and how many face widths behind it, at the
# side of the face, above and below. Set by looking at turned faces: the first is the ear's root,
# the brow of the hair and the edge of the jaw, the last the back of the head and the neck.
_OUT = {'side': (1.08, 1.2, 1.3), 'above': (1.15, 1.35, 1.5), 'below': (1.03, 1.08, 1.3)}
_BACK = {'side': (0.1, 0.35, 0.7), 'above': (0.05, 0.28, 0.72), 'below': (0.12, 0.32, 0.45)}
_RIM = 1.5  # radius of the rim, face widths


@dataclass(frozen=True)
class Topology:
    """Which vertices of a `PhotoHead` make triangles, the same for every face.

    Attributes:
        head: [F, 3], clockwise when seen from the front, of the face and the rings.
        surroundings: [G, 3], from the last ring to the rim.
    """

    head: np.ndarray
    surroundings: np.ndarray


@dataclass(frozen=True)
class PhotoHead:
    """A face in its photograph.

    Attributes:
        vertices: [V, 3], MediaPipe's 468, the rings' 108, the rim's 36.
        points: [68, 3], people's points with the depth of the mesh.
        axes: [3, 3], the head's right, down and forward as columns.
        width: of the face from ear to ear, px.
        misfit: mean distance of the mesh from people's 51 inner points before it was laid on
            them, over the width.
    """

    vertices: np.ndarray
    points: np.ndarray
    axes: np.ndarray
    width: float
    misfit: float

    @property
    def angles(self) -> np.ndarray:
        """Yaw, pitch, roll [3] in degrees, as of `HeadState`."""
        return angles_of(self.axes)

    @property
    def rim(self) -> slice:
        """Where the rim is in the vertices."""
        return slice(len(self.vertices) - len(OVAL), None)


def angles_of(axes: np.ndarray) -> np.ndarray:
    """Yaw, pitch, roll in degrees of a rotation [3, 3], as of `HeadState`."""
    roll, yaw, pitch = Rotation.from_matrix(axes).as_euler('ZYX', degrees=True)
    return np.array([yaw, -pitch, roll])


def axes_of(angles: np.ndarray) -> np.ndarray:
    """The rotation [3, 3] of `angles_of`."""
    yaw, pitch, roll = angles
    return Rotation.from_euler('ZYX', [roll, yaw, -pitch], degrees=True).as_matrix()


def head_axes(mesh: np.ndarray) -> np.ndarray:
    """The head's right, down and forward as columns [3, 3], from a mesh [468, 3]."""
    right = np.sum([mesh[b] - mesh[a] for a, b in _ACROSS], axis=0)
    down = np.sum([mesh[b] - mesh[a] for a, b in _UPRIGHT], axis=0)
    right /= np.linalg.norm(right)
    down -= (down @ right) * right
    down /= np.linalg.norm(down)
    return np.stack([right, down, np.cross(right, down)], axis=1)


def make_topology(meshes: np.ndarray) -> Topology:
    """Triangulate the mean of faces [N, 468, 3], as it is seen from the front."""
    frontal = np.mean([_upright(mesh) for mesh in meshes], axis=0)
    flat = np.concatenate([frontal, _rings(frontal)])[:, :2]
    corners = Delaunay(flat).simplices
    (ax, ay), (bx, by) = (flat[corners[:, i]].T - flat[corners[:, 0]].T for i in (1, 2))
    backwards = ax * by - ay * bx < 0
    corners[backwards] = corners[backwards][:, ::-1]
    count = len(OVAL)
    inner = len(flat) - count + np.arange(count)
    after, outer = np.roll(inner, -1), inner + count
    quads = (
        np.stack([inner, outer, outer[np.r_[1:count, 0]]], 1),
        np.stack([inner, outer[np.r_[1:count, 0]], after], 1),
    )
    return Topology(corners, np.concatenate(quads))


def make_head(mesh: np.ndarray, points: np.ndarray) -> PhotoHead:
    """Lay MediaPipe's mesh [468, 3] on people's points [68, 2] of the same face, both px."""
    axes, inner = head_axes(mesh), list(VERTICES[NUM_JAW:])
    width = _width(mesh)
    apart = points[NUM_JAW:] - mesh[inner, :2]
    moves = RBFInterpolator(mesh[inner], apart, kernel='linear', degree=0, smoothing=width / 100)
    fitted = mesh.astype(float)
    fitted[:, :2] += moves(mesh)
    rings = _rings_round(fitted, axes, width)
    depth = np.concatenate([_jaw_depth(fitted, points[:NUM_JAW]), fitted[inner, 2]])
    return PhotoHead(
        vertices=np.concatenate([fitted, rings, _rim(rings[-len(OVAL) :], width)]),
        points=np.column_stack([points, depth]),
        axes=axes,
        width=width,
        misfit=float(np.linalg.norm(apart, axis=1).mean() / width),
    )


def _width(mesh: np.ndarray) -> float:
    return float(np.linalg.norm(mesh[SIDES[1]] - mesh[SIDES[0]]))


def _upright(mesh: np.ndarray) -> np.ndarray:
    """The mesh in the head's axes, the middle of its outline at zero, its width 1."""
    turned = mesh @ head_axes(mesh)
    return (turned - turned[list(OVAL)].mean(axis=0)) / _width(mesh)


def _rings(upright: np.ndarray) -> np.ndarray:
    """Anchors [108, 3] round a mesh of `_upright`, ring by ring, in the order of `OVAL`."""
    oval = upright[list(OVAL)]
    across, down = (oval[:, :2] / np.linalg.norm(oval[:, :2], axis=1, keepdims=True)).T
    shares = {
        'side': across**2,
        'above': np.where(down < 0, down**2, 0),
        'below': np.where(down > 0, down**2, 0),
    }
    out, back = (
        sum(np.outer(table[name], share) for name, share in shares.items())
        for table in (_OUT, _BACK)
    )  # [3, 36] each
    flat = oval[None, :, :2] * out[..., None]
    return np.concatenate([flat, (oval[:, 2] - back)[..., None]], axis=2).reshape(-1, 3)


def _rings_round(mesh: np.ndarray, axes: np.ndarray, width: float) -> np.ndarray:
    """The same round a mesh of the picture."""
    turned = mesh @ axes
    middle = turned[list(OVAL)].mean(axis=0)
    return (_rings((turned - middle) / width) * width + middle) @ axes.T


def _rim(last: np.ndarray, width: float) -> np.ndarray:
    """A circle [36, 3] round the last ring, as far back as the ring goes."""
    center = last[:, :2].mean(axis=0)
    way = last[:, :2] - center
    flat = center + _RIM * width * way / np.linalg.norm(way, axis=1, keepdims=True)
    return np.column_stack([flat, np.full(len(last), last[:, 2].min())])


def _jaw_depth(mesh: np.ndarray, jaw: np.ndarray) -> np.ndarray:
    """Depth [17] of the face's outline where it is next to people's contour [17, 2]."""
    oval = mesh[list(OVAL)]
    far = np.linalg.norm(jaw[:, None] - oval[None, :, :2], axis=-1)
    nearest = np.argsort(far, axis=1)[:, :2]
    weights = 1 / (np.take_along_axis(far, nearest, axis=1) + 1e-3)
    return (oval[nearest, 2] * weights).sum(axis=1) / weights.sum(axis=1)
