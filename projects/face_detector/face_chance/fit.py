"""The fit of one model: logistic regressions, and constants that keep to so many false faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from fanet_mmpose.deploy.model_info import FaceFit
from fanet_mmpose.inference.face_chance import MIN_FACE, face_chance, log_odds
from projects.face_detector.face_chance.features import Candidate, Seen
from projects.face_detector.face_chance.pictures import FIT

# Boxes without a score come from detectors that say less: the points alone may keep this share.
ALONE = 1 / 3
WEIGHT_DECAY = 1e-3  # keeps the weights finite where faces and the rest do not overlap


def logistic(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Constant and weights [1 + F] of a logistic regression of labels [N] on features [N, F].

    Both classes count alike, however many there are.
    """
    columns = np.column_stack([np.ones(len(features)), features])
    signs = np.where(labels, 1.0, -1.0)
    weight = np.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum())

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (columns @ values)
        gradient = -(weight * signs / (1 + np.exp(margins))) @ columns
        decay = WEIGHT_DECAY * np.append(0.0, values[1:])
        value = weight @ np.logaddexp(0, -margins) + 0.5 * decay @ values
        return float(value), gradient + decay

    return minimize(loss, np.zeros(columns.shape[1]), jac=True, method='L-BFGS-B').x


def constant_for(logits: np.ndarray, pictures: int, rate: float) -> float:
    """What is added to the logits [N] of others so that `rate` a picture reach `MIN_FACE`."""
    allowed = int(rate * pictures)
    limit = np.log(MIN_FACE / (1 - MIN_FACE))
    highest = np.sort(logits)[::-1]
    if allowed >= len(highest):
        return 0.0
    above = highest[allowed - 1] if allowed else highest[0] + 0.5
    return float(limit - (above + highest[allowed]) / 2)


def fit_faces(seen: Sequence[Seen], rate: float) -> FaceFit:
    """The fit of the model that saw the groups of `FIT`.

    Args:
        seen: all groups; those that are held out are left alone.
        rate: false faces a picture that are allowed; without a score `ALONE` of it.
    """
    own = [group for group in seen if group.split == FIT]
    faces = [one for group in own for one in group.faces if one is not None]
    others = [one for group in own for one in group.others]
    pictures = sum(group.pictures for group in own if not group.faces)
    table = np.array([*faces, *others])
    features = np.column_stack([log_odds(table[:, 0]), table[:, 1]])
    labels = np.arange(len(table)) < len(faces)

    def moved(columns: Sequence[int], rate: float) -> list[float]:
        values = logistic(features[:, columns], labels)
        logits = values[0] + features[~labels][:, columns] @ values[1:]
        values[0] += constant_for(logits, pictures, rate)
        return [round(float(value), 3) for value in values]

    return FaceFit(*moved([0, 1], rate), *moved([1], ALONE * rate))


def losses(seen: Seen, fit: FaceFit | None) -> dict[str, float | int | str]:
    """What a group loses at `MIN_FACE`: faces that no candidate has, faces refused, false faces."""
    row: dict[str, float | int | str] = {
        'group': seen.name, 'split': seen.split, 'pictures': seen.pictures,
    }  # fmt: skip
    if seen.faces:
        there = [one for one in seen.faces if one is not None]
        refused = [not _kept(one, fit) for one in there]
        undetected = len(seen.faces) - len(there)
        return row | {
            'undetected': undetected,
            'refused': sum(refused),
            'missed': round((undetected + sum(refused)) / len(seen.faces), 4),
        }
    false = sum(_kept(one, fit) for one in seen.others)
    return row | {
        'candidates': len(seen.others), 'false_faces': false,
        'false_a_picture': round(false / seen.pictures, 4),
    }  # fmt: skip


def _kept(one: Candidate, fit: FaceFit | None) -> bool:
    return face_chance(one.log_scale, one.score, fit) >= MIN_FACE
