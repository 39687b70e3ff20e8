"""Faces to distort, and faces whose turn of the head is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.coco_file import check_numbers, read_pictures
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import read_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas import get_conversion
from fanet_mmpose.images import load_image
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety

# LFW's ten points that are points of the 68 too; lips and nostrils are others.
SHARED = {
    'left_eye_left': 36, 'left_eye_right': 39, 'right_eye_left': 42, 'right_eye_right': 45,
    'mouth_left': 48, 'mouth_right': 54,
}  # fmt: skip
TURNS = (0, 15, 30, 45, 60, 75, 90)  # bounds of the classes of drawn faces, degrees
# No noise and nothing in front of the face: only the turn differs.
DRAWN = Variety(yaw=90, pitch=45, roll=0, occluder=0, mask=0, degradation=0)


@dataclass(frozen=True, eq=False)
class Face:
    """A picture and what is known of its face.

    Attributes:
        image: uint8 [H, W, 3], blue first.
        points: [K, 2] px.
        indices: of those points among the model's.
        box: [4] tight box of all points of the face, px.
    """

    image: np.ndarray
    points: np.ndarray
    indices: np.ndarray
    box: np.ndarray


def chosen(path: Path, limit: int) -> list[tuple[Path, dict]]:
    """Pictures and annotations of a COCO-style file, evenly chosen; some sets have boxes alone.

    Raises:
        UserError: the file is missing or none of this form.
    """
    content, names = read_pictures(path)
    pairs = [(path.parent.parent / names[a['image_id']], a) for a in content['annotations']]
    for _, annotation in pairs:
        if 'keypoints' in annotation:
            check_numbers(annotation, str(path), keypoints=None)
    picked = np.unique(np.linspace(0, len(pairs) - 1, min(limit, len(pairs))).astype(int))
    return [pairs[index] for index in picked]


def annotated(path: Path, limit: int) -> list[Face]:
    """Faces with all points of the model, of a COCO-style file. Raises `UserError` as `chosen`."""
    faces = []
    for picture, annotation in chosen(path, limit):
        check_numbers(annotation, str(path), keypoints=None)
        points = np.reshape(annotation['keypoints'], (-1, 3))[:, :2].astype(float)
        faces.append(whole_face(load_image(picture), points))
    return faces


def whole_face(image: np.ndarray, points: np.ndarray) -> Face:
    """A face of which every point is known."""
    box = tight_box(points)
    return Face(image, points, np.arange(len(points)), box)


def first_keypoint_names(content: Any) -> list[Any]:
    """Names of the points of a COCO-style file's first category; none where it has none."""
    try:
        return list(content['categories'][0]['keypoints'])
    except (KeyError, IndexError, TypeError):
        return []


def by_head_pose(path: Path, limit: int) -> Mapping[str, list[Face]]:
    """LFW's faces by its classes of the head's turn, with the six points shared with the 68.

    Raises:
        UserError: as `chosen`.
    """
    content = read_json(path, 'COCO-style annotation file')
    names = first_keypoint_names(content)
    if not set(SHARED) <= set(names):
        raise UserError(f'{path}: has not the ten points of LFW')
    columns = np.array([names.index(name) for name in SHARED])
    classes: dict[str, list[Face]] = {}
    for picture, annotation in chosen(path, 10**9):
        own = classes.setdefault(str(annotation['head_pose']), [])
        if len(own) < limit:
            points = np.reshape(annotation['keypoints'], (-1, 3))[columns, :2].astype(float)
            x, y, width, height = annotation['bbox']
            box = np.array([x, y, x + width, y + height], float)
            own.append(Face(load_image(picture), points, np.array([*SHARED.values()]), box))
    return dict(sorted(classes.items(), key=lambda item: int(item[0])))


def drawn_turns(limit: int, seed: int = 0) -> Mapping[str, Mapping[str, list[Face]]]:
    """Drawn faces by yaw, and by pitch, in classes of 15 degrees, at most `limit` each."""
    classes: dict[str, dict[str, list[Face]]] = {'yaw': {}, 'pitch': {}}
    for yaw, pitch, face in _drawn(limit * 12, seed):
        frontal = {'yaw': abs(pitch) < 15, 'pitch': abs(yaw) < 15}
        for name, angle in (('yaw', abs(yaw)), ('pitch', pitch)):
            label = str(int(np.floor(angle / 15) * 15))
            own = classes[name].setdefault(label, [])
            if frontal[name] and len(own) < limit:
                own.append(face)
    return {
        name: dict(sorted(((k, v) for k, v in own.items() if v), key=lambda item: int(item[0])))
        for name, own in classes.items()
    }


def _drawn(count: int, seed: int) -> Iterator[tuple[float, float, Face]]:
    convert = get_conversion('wflw98', '300w68')
    for index in range(count):
        drawn = render_face((seed, index), 224, DRAWN)
        yaw, pitch, _ = drawn.head.state.angles
        yield float(yaw), float(pitch), whole_face(drawn.image, convert(drawn.points.points))
