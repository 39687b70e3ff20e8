"""Landmarks on a photograph by the weights that ship: what `make demo` shows first.

Needs NumPy, OpenCV and ONNX Runtime; neither PyTorch nor MMPose, which take minutes to install.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from fanet_mmpose.files import make_folder, write_bytes
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.inference.landmarker import FaceLandmarker

SHIPPED = 'fanet_lite_300w'


def save_picture(path: Path, picture: np.ndarray) -> None:
    """Write blue-first uint8 [H, W, 3] in the format of the suffix, whole or not at all."""
    _, data = cv2.imencode(path.suffix, picture)
    write_bytes(path, data.tobytes())


def landmarks_on_photograph(
    photograph: Path, find: FaceLandmarker, out: Path
) -> list[FaceLandmarks]:
    """Find the faces on `photograph` and write it with their points to `out`.

    Args:
        photograph: a picture file.
        find: detector and landmark model.
        out: the drawn picture; its suffix is the format.

    Returns:
        The faces, in pixels of the photograph.

    Raises:
        UserError: the photograph cannot be read, or `out` cannot be written.
    """
    image = load_image(photograph)
    faces = find(image)
    for face in faces:
        image = face.draw(image)
    save_picture(out, image)
    return faces


def show_shipped(photograph: Path, out: Path) -> None:
    """Write `out`/photograph.png by the shipped weights, and say where it is."""
    make_folder(out)
    started = perf_counter()
    picture = out / 'photograph.png'
    faces = landmarks_on_photograph(photograph, FaceLandmarker(SHIPPED), picture)
    points = sum(len(face.points) for face in faces)
    print(
        f'{picture}: {points} landmarks on {len(faces)} face{"s" * (len(faces) != 1)}, by the '
        f'shipped weights {SHIPPED}, in {perf_counter() - started:.1f} s',
        flush=True,
    )
