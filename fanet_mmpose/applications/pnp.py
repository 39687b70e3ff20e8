"""Perspective-n-point with a head whose shape is known only in distribution.

Pose and shape are found together, by Levenberg and Marquardt's method: the reprojection errors,
each over its standard deviation, and the shape's coefficients, which are standard normal, are made
least squares. Points that fit no head count less and less (Student's t, by reweighting), so a
few wrong ones move little. The inverse of the Hessian at the end is the covariance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fanet_mmpose.applications.angles import to_matrix
from fanet_mmpose.applications.camera import Camera
from fanet_mmpose.applications.head_model import HeadModel

STEPS = 30
FREEDOM = 4.0  # of Student's t: points beyond about two standard deviations count less
ENOUGH = 1e-4  # relative fall of the cost that ends the search
# Where the search starts; a face is nearly flat, so one start may end in its mirror image.
START_ANGLES = ((0.0, 0.0), (40.0, 0.0), (-40.0, 0.0), (0.0, 25.0))
DAMPING, MAX_DAMPING = 1e-2, 1e6


@dataclass(frozen=True, eq=False)
class Observed:
    """What the picture says. `points` [N, 2] px; `sigmas` [N] px, of each coordinate."""

    points: np.ndarray
    sigmas: np.ndarray


@dataclass(frozen=True, eq=False)
class Fit:
    """A head in front of a camera.

    Attributes:
        rotation: [3, 3], head to camera axes.
        translation: [3] mm, the head's origin in camera axes.
        coefficients: [M] of the shape.
        cost: what was made least.
        covariance: [6 + M, 6 + M] of a turn about the camera's axes (radians), translation and
            coefficients.
    """

    rotation: np.ndarray
    translation: np.ndarray
    coefficients: np.ndarray
    cost: float = np.inf
    covariance: np.ndarray | None = None


def fit_head(observed: Observed, model: HeadModel, camera: Camera) -> Fit:
    """The head that explains the points best.

    The mean head finds its pose from several starts; from the best one, pose and shape go on
    together.

    Args:
        observed: N points of a picture.
        model: the same points of the head, in the same order.
        camera: that took the picture.
    """
    spread = np.sqrt((model.modes**2).sum(0).mean(1))
    stiff = HeadModel(model.mean, model.modes[:0], np.hypot(model.rest, spread))
    fits = []
    for angles in START_ANGLES:
        start = _start(to_matrix(np.array([*angles, 0.0])), observed, stiff, camera)
        fits.append(_search(start, observed, stiff, camera))
    best = min(fits, key=lambda fit: fit.cost)
    return _search(replace(best, coefficients=np.zeros(len(model.modes))), observed, model, camera)


def select(model: HeadModel, which: np.ndarray) -> HeadModel:
    """The model of some of its points, by index [N]."""
    return HeadModel(model.mean[which], model.modes[:, which], model.rest[which])


def project(fit: Fit, model: HeadModel, camera: Camera) -> np.ndarray:
    """Pixels [N, 2] of the fitted head's points."""
    shape = model.shape(fit.coefficients)
    return camera.project(shape @ fit.rotation.T + fit.translation)


def _start(rotation: np.ndarray, observed: Observed, model: HeadModel, camera: Camera) -> Fit:
    """The mean head, turned so, as large and where the points are."""
    center, size = observed.points.mean(0), np.sqrt(observed.points.var(0).sum())
    turned = model.mean @ rotation.T
    depth = camera.focal * np.sqrt(turned.var(0)[:2].sum()) / max(size, 1e-6)
    place = np.array([*((center - camera.center) * depth / camera.focal), depth])
    return Fit(rotation, place - turned.mean(0), np.zeros(len(model.modes)))


def _search(fit: Fit, observed: Observed, model: HeadModel, camera: Camera) -> Fit:
    damping = DAMPING
    fit = replace(fit, cost=_cost(fit, observed, model, camera))
    for _ in range(STEPS):
        hessian, gradient = _normal_equations(fit, observed, model, camera)
        while True:
            step = -np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), gradient)
            moved = _move(fit, step)
            moved = replace(moved, cost=_cost(moved, observed, model, camera))
            if moved.cost < fit.cost or damping > MAX_DAMPING:
                break
            damping *= 10
        if not moved.cost < fit.cost:
            break
        done = fit.cost - moved.cost < ENOUGH * fit.cost
        fit, damping = moved, damping / 10
        if done:
            break
    return replace(
        fit, covariance=np.linalg.inv(_normal_equations(fit, observed, model, camera)[0])
    )


def _move(fit: Fit, step: np.ndarray) -> Fit:
    turn = cv2.Rodrigues(step[:3])[0]
    return Fit(turn @ fit.rotation, fit.translation + step[3:6], fit.coefficients + step[6:])


def _whitened(fit: Fit, observed: Observed, model: HeadModel, camera: Camera) -> np.ndarray:
    """Reprojection errors [N, 2] over their standard deviations; huge behind the camera."""
    shape = model.shape(fit.coefficients) @ fit.rotation.T + fit.translation
    if shape[:, 2].min() < 1:
        return np.full_like(observed.points, 1e9)
    sigmas = np.hypot(observed.sigmas, model.rest * camera.focal / fit.translation[2])
    return (camera.project(shape) - observed.points) / sigmas[:, None]


def _cost(fit: Fit, observed: Observed, model: HeadModel, camera: Camera) -> float:
    """Minus twice the log likelihood of Student's t (2 dimensions a point) and of the shape."""
    squares = (_whitened(fit, observed, model, camera) ** 2).sum(1)
    return float((FREEDOM + 2) * np.log1p(squares / FREEDOM).sum() + (fit.coefficients**2).sum())


def _normal_equations(
    fit: Fit, observed: Observed, model: HeadModel, camera: Camera
) -> tuple[np.ndarray, np.ndarray]:
    """Hessian [6 + M, 6 + M] and gradient [6 + M] of half the cost, points reweighted."""
    residuals = _whitened(fit, observed, model, camera)
    weights = (FREEDOM + 2) / (FREEDOM + (residuals**2).sum(1))
    sigmas = np.hypot(observed.sigmas, model.rest * camera.focal / fit.translation[2])
    jacobian = _jacobian(fit, model, camera) / sigmas[:, None, None]
    weighted = (jacobian * weights[:, None, None]).reshape(-1, jacobian.shape[2])
    hessian = weighted.T @ jacobian.reshape(weighted.shape)
    gradient = weighted.T @ residuals.ravel()
    prior = np.concatenate([np.zeros(6), np.ones(len(fit.coefficients))])
    hessian[np.diag_indices_from(hessian)] += prior
    gradient[6:] += fit.coefficients
    return hessian, gradient


def _jacobian(fit: Fit, model: HeadModel, camera: Camera) -> np.ndarray:
    """[N, 2, 6 + M]: pixels by turn (radians about the camera's axes), mm, and coefficients."""
    turned = model.shape(fit.coefficients) @ fit.rotation.T
    x, y, z = (turned + fit.translation).T
    zero = np.zeros_like(x)
    # Pixels by position in camera axes [N, 2, 3].
    by_place = (
        camera.focal
        / z[:, None, None]
        * np.stack(
            [np.stack([zero + 1, zero, -x / z], -1), np.stack([zero, zero + 1, -y / z], -1)], 1
        )
    )
    tx, ty, tz = turned.T
    by_turn = np.stack(
        [
            np.stack([zero, tz, -ty], -1),
            np.stack([-tz, zero, tx], -1),
            np.stack([ty, -tx, zero], -1),
        ],
        1,
    )  # [N, 3, 3]: place by a small turn, ω × p
    modes = (model.modes @ fit.rotation.T).transpose(1, 2, 0)
    place = np.concatenate([by_turn, np.broadcast_to(np.eye(3), by_turn.shape), modes], -1)
    return by_place @ place
