"""A model of ours beside MediaPipe's FaceMesh: error and time on the same faces, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.datasets.annotations import FaceAnnotation, load_annotations
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.face_mesh import SOURCES
from fanet_mmpose.geometry.nme import (
    face_errors,
    mean_error,
    normalization_factors,
    point_errors,
)
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.landmarker import FaceLandmarker

SCHEMA = '300w68'
INNER = slice(17, 68)


@dataclass
class Findings:
    """What one model said: points [68, 2] or None of each face, and CPU seconds of each look."""

    points: list[np.ndarray | None] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def timed(call: Callable[[], np.ndarray | None], into: Findings) -> None:
    """Call, and keep what came and the CPU time of all threads that it took."""
    start = time.process_time()
    points = call()
    into.seconds.append(time.process_time() - start)
    into.points.append(points)


def look(
    landmarker: FaceLandmarker, mesh: FaceMesh, pictures: Iterator[tuple[np.ndarray, np.ndarray]]
) -> tuple[Findings, Findings]:
    """Both models on (image, true points), in turns; neither looks for the face in what is timed.

    Ours is given the tight box of the true points. FaceMesh finds the face itself and is timed at
    its second look at the same picture, when it starts from the points it found.
    """
    ours, theirs = Findings(), Findings()
    for image, truth in pictures:
        box = tight_box(truth)
        timed(lambda: landmarker.find([image], [box[None]], passes=1)[0][0].points, ours)  # noqa: B023
        mesh.reset()
        if mesh(image) is None:
            theirs.points.append(None)
        else:
            timed(lambda: mesh(image), theirs)  # noqa: B023
    return ours, theirs


def errors(points: Sequence[np.ndarray], truth: np.ndarray, part: slice) -> float:
    """NME in % of the inter-ocular distance over `part` of the points [N, 68, 2]."""
    seen = np.ones(truth.shape[:2], bool)
    factors = normalization_factors('inter_ocular', get_schema(SCHEMA), truth, seen)
    off = point_errors(np.stack(points)[:, part], truth[:, part], seen[:, part])
    return round(100 * mean_error(face_errors(off, factors)), 3)


def summarize(findings: Findings, truth: np.ndarray, both: np.ndarray) -> dict[str, float]:
    """One model's row, over the faces that both found."""
    chosen = [p for p, used in zip(findings.points, both, strict=True) if used]
    return dict(
        NME=errors(chosen, truth[both], slice(None)),
        NME_inner51=errors(chosen, truth[both], INNER),
        cpu_ms=round(1000 * float(np.median(findings.seconds)), 2),
        found=sum(p is not None for p in findings.points),
    )


def compare(landmarker: FaceLandmarker, annotations: Path, image_root: Path) -> dict[str, Any]:
    """Rows of both models on the faces of a COCO-style file of 68 points.

    Raises:
        UserError: a file cannot be read, or neither MediaPipe nor what stands for it is there.
    """
    faces: list[FaceAnnotation] = list(load_annotations(annotations).values())
    truth = np.stack([face.points for face in faces])
    pictures = ((load_image(image_root / face.image), face.points) for face in faces)
    mesh = FaceMesh()
    ours, theirs = look(landmarker, mesh, pictures)
    both = np.array([points is not None for points in theirs.points])
    return dict(
        faces=len(faces),
        compared=int(both.sum()),
        mesh=mesh.source,
        ours=summarize(ours, truth, both),
        mediapipe=summarize(theirs, truth, both),
    )


def vertex_distances(mesh: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """How far a vertex is from the points that stand for it, in % of the inter-ocular distance.

    Args:
        mesh: vertices [N, 468, 2] of N faces, px.
        truth: their 68 points [N, 68, 2], px.

    Returns:
        Mean distance by number of the vertex, for those of `geometry.face_mesh.SOURCES`.
    """
    factors = normalization_factors(
        'inter_ocular', get_schema(SCHEMA), truth, np.ones(truth.shape[:2], bool)
    )
    means = {
        str(vertex): np.linalg.norm(mesh[:, vertex] - truth[:, list(points)].mean(1), axis=1)
        for vertex, points in SOURCES.items()
    }
    return {name: round(float((100 * far / factors).mean()), 2) for name, far in means.items()}


def measure_vertices(annotations: Path, image_root: Path) -> dict[str, Any]:
    """`vertex_distances` on the faces of a COCO-style file of 68 points that FaceMesh finds.

    Raises:
        UserError: see `compare`.
    """
    faces, mesh = list(load_annotations(annotations).values()), FaceMesh()
    found, truth = [], []
    for face in faces:
        mesh.reset()
        vertices = mesh.vertices(load_image(image_root / face.image))
        if vertices is not None:
            found.append(vertices)
            truth.append(face.points)
    distances = vertex_distances(np.stack(found), np.stack(truth))
    return dict(faces=len(faces), found=len(found), mesh=mesh.source, distances=distances)
