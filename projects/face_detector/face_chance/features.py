"""Candidates of the detector in pictures, with what the landmark model says of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from fanet_mmpose.geometry.boxes import iou, tight_box
from fanet_mmpose.inference.face_chance import mean_log_scale
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.face_detector.face_chance.pictures import Group, Picture

FOUND = 0.3  # overlap of the box of the points with the truth's from which a face is found


class Candidate(NamedTuple):
    """`score` of the detector in (0, 1), and `log_scale`, the mean over the points."""

    score: float
    log_scale: float


class Seen(NamedTuple):
    """What was found in the pictures of a group.

    Attributes:
        name, split: of the group.
        pictures: how many.
        faces: the candidate of each true face, None where the detector saw none.
        others: candidates in pictures without a face.
    """

    name: str
    split: str
    pictures: int
    faces: list[Candidate | None]
    others: list[Candidate]


def look_at_group(landmarker: FaceLandmarker, group: Group) -> Seen:
    """The candidates in every picture of a group."""
    count, faces, others = 0, [], []
    for picture in group.pictures:
        found = candidates(landmarker, picture)
        count += 1
        faces += [best(found, box, picture) for box in picture[1]]
        if not picture[1]:
            others += [candidate for candidate, _ in found]
    return Seen(group.name, group.split, count, faces, others)


def candidates(landmarker: FaceLandmarker, picture: Picture) -> list[tuple[Candidate, np.ndarray]]:
    """Every candidate of the detector in a picture, sure or not, and the box [4] of its points."""
    detections = landmarker.detector(picture[0], '')
    faces = landmarker.look([picture[0]], [detections])[0]
    return [
        (Candidate(float(chance), _log_scale(face)), tight_box(face.points))
        for face, chance in zip(faces, detections.chances, strict=True)
    ]


def best(
    found: Iterable[tuple[Candidate, np.ndarray]], box: np.ndarray, picture: Picture
) -> Candidate | None:
    """The candidate that overlaps a true box [4] most; the best where the box is the picture."""
    found = list(found)
    if np.array_equal(box, [0, 0, *picture[0].shape[1::-1]]):
        return max((candidate for candidate, _ in found), default=None)
    shares = iou(box, [own for _, own in found])
    return found[int(shares.argmax())][0] if shares.max(initial=0) >= FOUND else None


def _log_scale(face: FaceLandmarks) -> float:
    return mean_log_scale(face.scales, face.box)
