"""CPU time from picture to points, ours and MediaPipe's FaceMesh with its detector, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker

LARGEST = 640  # px of the longer side
FRAMES = 6  # of a face that moves
STEP = 2.0  # px that it moves a frame
FRAME_TIME = 1 / 30  # s

Task = Callable[[np.ndarray], Any]
Seconds = dict[str, list[float]]


def at_most(image: np.ndarray, longer: int = LARGEST) -> np.ndarray:
    """A picture [H, W, 3] shrunk to a longer side of `longer` px, or as it is."""
    share = longer / max(image.shape[:2])
    if share >= 1:
        return image
    return cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def cpu_seconds(task: Task, image: np.ndarray) -> float:
    """CPU time of all threads of this process for one call, s."""
    start = time.process_time()
    task(image)
    return time.process_time() - start


def in_turns(tasks: Mapping[str, Task], images: Sequence[np.ndarray], repeats: int) -> Seconds:
    """The least time of `repeats` of each task on each picture; tasks take turns.

    The least, since other work on the machine only ever adds.
    """
    seconds: Seconds = {name: [] for name in tasks}
    for task in tasks.values():
        task(images[0])
    for image in images:
        rounds = [
            {n: cpu_seconds(task, image) for n, task in tasks.items()} for _ in range(repeats)
        ]
        for name in tasks:
            seconds[name].append(min(one[name] for one in rounds))
    return seconds


def picture_tasks(landmarker: FaceLandmarker, mesh: FaceMesh | None) -> dict[str, Task]:
    """From a picture to points, and the detector's part of ours; MediaPipe, static, if there."""
    tasks: dict[str, Task] = {'ours': landmarker, 'ours, detector': landmarker.detector}
    return tasks if mesh is None else {**tasks, 'mediapipe': mesh}


def frame_seconds(
    landmarker: FaceLandmarker, mesh: FaceMesh | None, images: Sequence[np.ndarray]
) -> Seconds:
    """Median time of a frame in which a face is followed, for each picture as a short clip."""
    seconds: Seconds = {'ours': []} if mesh is None else {'ours': [], 'mediapipe': []}
    for image in images:
        tracker, own = FaceTracker(landmarker), {name: [] for name in seconds}
        if mesh is not None:
            mesh.reset()
        for index in range(FRAMES):
            move = np.float32([[1, 0, STEP * index], [0, 1, 0]])
            frame = cv2.warpAffine(image, move, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
            moment = index * FRAME_TIME
            own['ours'].append(cpu_seconds(lambda f: tracker(f, moment), frame))  # noqa: B023
            if mesh is not None:
                own['mediapipe'].append(cpu_seconds(mesh, frame))
        for name, values in own.items():  # the first frame is the detector's
            seconds[name].append(float(np.median(values[1:])))
    return seconds


def summary(seconds: Seconds) -> dict[str, Any]:
    """Median and mean ms of each, and ours over MediaPipe's: of medians, of means, of pairs."""
    rows: dict[str, Any] = {
        name: {
            'median_ms': round(1e3 * float(np.median(values)), 2),
            'mean_ms': round(1e3 * float(np.mean(values)), 2),
        }
        for name, values in seconds.items()
    }
    if 'mediapipe' in seconds:
        ours, theirs = np.array(seconds['ours']), np.array(seconds['mediapipe'])
        rows['ratio'] = {
            'of_medians': round(float(np.median(ours) / np.median(theirs)), 3),
            'of_means': round(float(ours.mean() / theirs.mean()), 3),
            'median_of_pairs': round(float(np.median(ours / theirs)), 3),
        }
    return rows
