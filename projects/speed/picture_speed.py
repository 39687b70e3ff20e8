"""CPU time from picture to points, ours and MediaPipe's FaceMesh with its detector, in turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker
from projects.speed.turns import cpu_ms, cpu_times

LARGEST = 640  # px of the longer side
FRAMES = 6  # of a face that moves
STEP = 2.0  # px that it moves a frame
FRAME_TIME = 1 / 30  # s

Task = Callable[[np.ndarray], Any]
Times = dict[str, list[float]]  # ms of CPU time by name


def at_most(image: np.ndarray, longer: int = LARGEST) -> np.ndarray:
    """A picture [H, W, 3] shrunk to a longer side of `longer` px, or as it is."""
    share = longer / max(image.shape[:2])
    if share >= 1:
        return image
    return cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def least_times(tasks: Mapping[str, Task], images: Sequence[np.ndarray], repeats: int) -> Times:
    """The least time of `repeats` of each task on each picture; tasks take turns.

    The least, since other work on the machine only ever adds.
    """
    least: Times = {name: [] for name in tasks}
    for index, image in enumerate(images):
        jobs = [partial(task, image) for task in tasks.values()]
        for name, times in zip(tasks, cpu_times(jobs, repeats, index == 0), strict=True):
            least[name].append(min(times))
    return least


def picture_tasks(landmarker: FaceLandmarker, mesh: FaceMesh | None) -> dict[str, Task]:
    """From a picture to points, and the detector's part of ours; MediaPipe, static, if there."""
    tasks: dict[str, Task] = {'ours': landmarker, 'ours, detector': landmarker.detector}
    return tasks if mesh is None else {**tasks, 'mediapipe': mesh}


def frame_times(
    landmarker: FaceLandmarker, mesh: FaceMesh | None, images: Sequence[np.ndarray]
) -> Times:
    """Median time of a frame in which a face is followed, for each picture as a short clip."""
    medians: Times = {'ours': []} if mesh is None else {'ours': [], 'mediapipe': []}
    for image in images:
        tracker, own = FaceTracker(landmarker), {name: [] for name in medians}
        if mesh is not None:
            mesh.reset()
        for index in range(FRAMES):
            move = np.float32([[1, 0, STEP * index], [0, 1, 0]])
            frame = cv2.warpAffine(image, move, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
            own['ours'].append(cpu_ms(partial(tracker, frame, index * FRAME_TIME)))
            if mesh is not None:
                own['mediapipe'].append(cpu_ms(partial(mesh, frame)))
        for name, values in own.items():  # the first frame is the detector's
            medians[name].append(float(np.median(values[1:])))
    return medians


def summary(times: Times) -> dict[str, Any]:
    """Median and mean ms of each, and ours over MediaPipe's: of medians, of means, of pairs."""
    rows: dict[str, Any] = {
        name: {
            'median_ms': round(float(np.median(values)), 2),
            'mean_ms': round(float(np.mean(values)), 2),
        }
        for name, values in times.items()
    }
    if 'mediapipe' in times:
        ours, theirs = np.array(times['ours']), np.array(times['mediapipe'])
        rows['ratio'] = {
            'of_medians': round(float(np.median(ours) / np.median(theirs)), 3),
            'of_means': round(float(ours.mean() / theirs.mean()), 3),
            'median_of_pairs': round(float(np.median(ours / theirs)), 3),
        }
    return rows
