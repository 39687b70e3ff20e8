"""Mean face, face size and rough head pose, all from labelled points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.geometry.boxes import longer_side, tight_box
from fanet_mmpose.geometry.schemas import PointSchema, get_conversion

NOSE_DEPTH = 0.54
"""How far the tip of the nose lies before the plane of the eyes, in distances of the eyes: of the
drawn head, `fanet_mmpose.synthetic`."""


def mean_face(truth: np.ndarray, labelled: np.ndarray, schema: PointSchema) -> np.ndarray:
    """Mean [K, 2] of faces [N, K, 2] laid upon each other; NaN for a point never labelled.

    With eye corners in the schema: x and y in inter-ocular distances, corners at (-0.5, 0) and
    (0.5, 0); else the tight box's longer side is 1 and its middle is the origin.
    """
    points = np.where(labelled[..., None], truth, np.nan)
    if schema.eye_corners is None:
        box = tight_box(truth, labelled)
        origin, scale = (box[:, :2] + box[:, 2:]) / 2, longer_side(box)
        aligned = (points - origin[:, None]) / scale[:, None, None]
    else:
        left, right = (points[:, list(group)].mean(axis=1) for group in schema.eye_corners)
        middle, axis = (left + right) / 2, right - left
        # As complex numbers, dividing by the eye axis turns and scales at once.
        moved = (points - middle[:, None]).view(complex)[..., 0]
        with np.errstate(divide='ignore', invalid='ignore'):
            turned = moved / np.ascontiguousarray(axis).view(complex)
        aligned = np.stack([turned.real, turned.imag], axis=-1)
    known = np.isfinite(aligned)
    counts = known.sum(axis=0)
    return np.where(known, aligned, 0).sum(axis=0) / np.where(counts > 0, counts, np.nan)


def face_sizes(results: Results) -> np.ndarray:
    """Longer side [N] in px of the tight box of the labelled points."""
    return longer_side(tight_box(results.truth, results.labelled))


def rough_pose(results: Results) -> tuple[np.ndarray, np.ndarray] | None:
    """Roll and yaw [N] in degrees of the ground truth; None if the schema has no five points.

    Roll is the angle of the line between the eyes, clockwise positive. Yaw is read off the
    offset of the nose's tip from that line's middle, for a head of average depth seen from afar:
    tan(yaw) = offset / (eye distance · `NOSE_DEPTH`), positive towards the picture's right. Good
    for sorting faces into groups, no better. NaN where a point that is needed has no label.
    """
    try:
        conversion = get_conversion(results.schema.name, 'mtfl5')
    except UserError:
        return None
    left, right, nose = np.moveaxis(conversion(results.truth)[:, :3], 1, 0)
    axis = right - left
    distance = np.linalg.norm(axis, axis=1)
    distance = np.where(distance > 0, distance, np.nan)
    offset = ((nose - (left + right) / 2) * axis).sum(axis=1) / distance**2
    needed = (conversion.weights[:3] > 0).any(axis=0)
    known = results.labelled[:, needed].all(axis=1)
    roll = np.degrees(np.arctan2(axis[:, 1], axis[:, 0]))
    yaw = np.degrees(np.arctan(offset / NOSE_DEPTH))
    return np.where(known, roll, np.nan), np.where(known, yaw, np.nan)


@dataclass(frozen=True)
class Slicing:
    """A quantity that sorts faces into groups.

    Attributes:
        title: what it is, with unit, for an axis.
        labels: G group names, rising.
        members: [G, N] bool.
    """

    title: str
    labels: tuple[str, ...]
    members: np.ndarray


def _slice(title: str, values: np.ndarray, edges: tuple[float, ...]) -> Slicing:
    bounds = (0.0, *edges, np.inf)
    labels = [f'{low:g}–{high:g}' for low, high in zip(bounds, bounds[1:], strict=False)]
    labels[-1] = f'> {edges[-1]:g}'
    with np.errstate(invalid='ignore'):
        members = [
            (values >= low) & (values < high) for low, high in zip(bounds, bounds[1:], strict=False)
        ]
    return Slicing(title, tuple(labels), np.array(members))


def slicings(results: Results) -> list[Slicing]:
    """Groups by face size, |roll| and |yaw|."""
    groups = [_slice('face size: longer side, px', face_sizes(results), (64, 128, 256))]
    pose = rough_pose(results)
    if pose is not None:
        roll, yaw = np.abs(pose[0]), np.abs(pose[1])
        groups.append(_slice('|roll|, degrees', roll, (5, 15, 30)))
        groups.append(_slice('|yaw|, degrees (rough)', yaw, (15, 30, 45)))
    return groups
