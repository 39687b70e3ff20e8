"""How a head is turned, from its 68 points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.applications.angles import to_angles
from fanet_mmpose.applications.camera import Camera
from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.pnp import Fit, Observed, fit_head, project, select
from fanet_mmpose.errors import UserError

# The outline slides over the cheeks when a head turns, so it sits on no fixed place of the head;
# the chin does.
RIGID = np.array([8, *range(17, 68)])
# Without a camera: the face is seen from here, straight along the axis, mm.
TYPICAL_DISTANCE = 1000.0
NEEDED, UNSURE = 12, 0.12  # points, and the scale over the face's size from which one is no help
HIDDEN_FACTOR = 2.0  # a hidden point is a guess: its scale counts as this much larger
MISMATCH = 1.5  # mm, standard deviation: people are not drawn heads
SIGMA_FACTOR = 1.0
AXIS = 60.0  # length of a drawn axis, mm
NOSE_TIP = 30


@dataclass(frozen=True, eq=False)
class HeadPose:
    """Rotation in degrees, see `angles` for the convention; 0, 0, 0 looks into the camera.

    Attributes:
        yaw: positive when the face turns to the right of the image.
        pitch: positive when the chin goes down.
        roll: positive when the head turns clockwise in the image.
        sigmas: [3], standard deviations of the three, degrees.
        rotation: [3, 3], head to camera axes (x right, y down, z away from the camera).
        translation: [3] mm, from the camera to the middle between the pupils of a head of
            average size; None where no camera was given.
        reprojection_error: px, root mean square distance of the points used from the fitted head.
        points_3d: [68, 3] mm, the fitted head in its own frame, see `HeadModel`.
        pixels_per_mm: of the picture, where the head is.
        axes: [4, 2] px, the tip of the nose and the ends of the head's x, y and outward axes.
    """

    yaw: float
    pitch: float
    roll: float
    sigmas: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray | None
    reprojection_error: float
    points_3d: np.ndarray
    pixels_per_mm: float
    axes: np.ndarray

    def to_dict(self, digits: int = 3) -> dict[str, Any]:
        """Plain numbers: the angles, their ``sigmas``, ``translation`` and the error."""
        place = self.translation
        return {
            **{name: round(getattr(self, name), digits) for name in ('yaw', 'pitch', 'roll')},
            'sigmas': self.sigmas.round(digits).tolist(),
            'translation': None if place is None else place.round(digits).tolist(),
            'reprojection_error': round(self.reprojection_error, digits),
        }

    def draw(self, image: np.ndarray) -> np.ndarray:
        """A copy of a blue-first picture with the axes: x red, y green, outward blue."""
        image = image.copy()
        start, *ends = self.axes.round().astype(int).tolist()
        width = max(1, round(float(np.ptp(self.axes, axis=0).max()) / 40))
        for end, colour in zip(ends, ((0, 0, 255), (0, 200, 0), (255, 80, 0)), strict=True):
            cv2.arrowedLine(image, start, end, colour, width, cv2.LINE_AA, tipLength=0.15)
        return image


def head_pose(
    points: np.ndarray,
    scales: np.ndarray,
    visibility: np.ndarray | None = None,
    camera: Camera | np.ndarray | None = None,
) -> HeadPose:
    """Rotation and place of the head whose points these are.

    Args:
        points: [68, 2] px, 300W's order.
        scales: [68] px, expected error of each coordinate (Laplace's b).
        visibility: [68] in (0, 1); hidden points count less.
        camera: or its 3×3 matrix. None: the angles are against the line of sight to the face, as
            seen from a typical distance, and there is no translation.

    Raises:
        UserError: too few points are known well enough, or they are no numbers.
    """
    points, scales = np.asarray(points, float), np.asarray(scales, float)
    used = _usable(points, scales)
    sigmas = np.sqrt(2) * scales
    if visibility is not None:
        sigmas = np.where(np.asarray(visibility) < 0.5, HIDDEN_FACTOR, 1.0) * sigmas
    if not isinstance(camera, Camera | None):
        camera = Camera.from_matrix(camera)
    model = select(head_model(), used)
    model.rest[:] = np.hypot(model.rest, MISMATCH)
    seen = camera or _typical_camera(points, used)
    fit = fit_head(Observed(points[used], sigmas[used]), model, seen)
    return _to_pose(fit, points[used], used, seen, camera is not None)


def _usable(points: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """Indices of points that can be used. Raises `UserError` if they are too few."""
    if points.shape != (68, 2) or scales.shape != (68,):
        raise UserError(
            f'head pose needs 68 points, not {len(points)}: use a model of 68 or 98 points'
        )
    known = np.isfinite(points).all(1) & np.isfinite(scales)
    size = float(np.ptp(points[known], axis=0).max()) if known.any() else 0.0
    used = RIGID[(known & (scales < UNSURE * size))[RIGID]]
    if len(used) < NEEDED:
        raise UserError(
            f'head pose: only {len(used)} of {len(RIGID)} points are known well enough and '
            f'{NEEDED} are needed: the face is too hidden or too small'
        )
    return used


def _typical_camera(points: np.ndarray, used: np.ndarray) -> Camera:
    """One that looks between the eyes, and sees a mean head as large as these points are."""
    size, length = (np.sqrt(x[used].var(0)[:2].sum()) for x in (points, head_model().mean))
    eyes = used[(used >= 36) & (used < 48)]
    x, y = points[eyes if len(eyes) else used].mean(0).tolist()
    return Camera(float(max(TYPICAL_DISTANCE * size / length, 1e-3)), (x, y))


def _to_pose(
    fit: Fit, points: np.ndarray, used: np.ndarray, camera: Camera, given: bool
) -> HeadPose:
    yaw, pitch, roll = to_angles(fit.rotation).tolist()
    errors = project(fit, select(head_model(), used), camera) - points
    head = head_model().shape(fit.coefficients)
    tip = head[NOSE_TIP]
    ends = tip + AXIS * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, -1]])
    return HeadPose(
        yaw, pitch, roll,
        sigmas=SIGMA_FACTOR * _angle_sigmas(fit),
        rotation=fit.rotation,
        translation=fit.translation if given else None,
        reprojection_error=float(np.sqrt((errors**2).sum(1).mean())),
        points_3d=head,
        pixels_per_mm=float(camera.focal / fit.translation[2]),
        axes=camera.project(ends @ fit.rotation.T + fit.translation),
    )  # fmt: skip


def _angle_sigmas(fit: Fit) -> np.ndarray:
    """Standard deviations [3] of yaw, pitch, roll in degrees, to first order."""
    step = 1e-4
    middle = to_angles(fit.rotation)
    turns = [cv2.Rodrigues(step * axis)[0] @ fit.rotation for axis in np.eye(3)]
    jacobian = np.stack([_wrap(to_angles(turn) - middle) / step for turn in turns], 1)
    return np.sqrt(np.diag(jacobian @ fit.covariance[:3, :3] @ jacobian.T))


def _wrap(degrees: np.ndarray) -> np.ndarray:
    return (degrees + 180) % 360 - 180
