"""Turned copies of people's faces with 68 points, for training: `write_turned_set`.

Places are people's, depth is a machine's, and the pictures are made up where the photograph saw
nothing: no truth to report on. People's contour of a turned face is the edge that is seen, not a
place on the skin, so that the points of the contour on the far side weigh nothing and those on the
near side little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from fanet_mmpose.coco_file import are_numbers, check_numbers, check_unique_faces, read_pictures
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_bytes, write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.images import load_image
from fanet_mmpose.labelling.face_meshes import read_meshes
from fanet_mmpose.synthetic.coco_annotation import HIDDEN, PIXEL_STD, SEEN
from fanet_mmpose.synthetic.photo_head import NUM_JAW, PhotoHead, Topology, make_head, make_topology
from fanet_mmpose.synthetic.turned_head import SIDE, TurnedHead, surround, turn

# Which faces are turned: yaw in degrees, `PhotoHead.misfit`, and what the photograph shows on each
# side of the face's box as a share of its longer side.
MOST_TURNED, WORST_FIT, LEAST_ROOM = 45.0, 0.045, 0.3
FRONTAL = 8.0  # degrees of yaw below which a face may be turned either way
LEAST_TURN = 12.0  # degrees of yaw that are added at least
NEAR_JAW = 0.3  # weight of the contour on the near side
FAR_JAW = {1.0: slice(9, NUM_JAW), -1.0: slice(0, 8)}  # by the sign of yaw
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 92]


@dataclass(frozen=True)
class TurnOptions:
    """What is made of each face.

    Attributes:
        yaw: degrees that faces are turned afterwards, from and to.
        pitch: standard deviation of the nod that is added, degrees.
        turns: copies of each face; each has a part of the range of yaw of its own.
        most: faces, those that the mesh fits best.
        seed: of the draws, not negative.

    Raises:
        UserError: a value is out of its range.
    """

    yaw: tuple[float, float] = (35.0, 85.0)
    pitch: float = 6.0
    turns: int = 2
    most: int = 1200
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.yaw[0] <= self.yaw[1] <= 90:
            raise UserError(f'yaw must be two angles from 0 to 90, the smaller first: {self.yaw}')
        if not 0 <= self.pitch <= 30:
            raise UserError(f'pitch must be from 0 to 30 degrees: {self.pitch}')
        if self.turns < 1 or self.most < 1 or self.seed < 0:
            raise UserError(
                'turns and most must be at least 1 and seed at least 0: '
                f'turns {self.turns}, most {self.most}, seed {self.seed}'
            )


@dataclass(frozen=True)
class Source:
    """A face to turn.

    Attributes:
        id: of its annotation.
        path: of its photograph.
        head: what is turned.
    """

    id: int
    path: Path
    head: PhotoHead


def write_turned_set(
    root: Path, part: str, meshes: Path, out: Path, options: TurnOptions | None = None
) -> int:
    """Write turned copies of faces of `root`/annotations/`part`.json as a set of the same layout.

    Args:
        root: folder of a set with 68 points.
        part: train, val or test.
        meshes: of its faces, written by `find_meshes`.
        out: folder; `images/` and `annotations/` are made in it.
        options: what is made of each face.

    Returns:
        How many copies there are.

    Raises:
        UserError: a file or picture is missing or wrong, no face can be turned, or `out` is `root`.
    """
    check_out(root, out)
    options, known = options or TurnOptions(), read_meshes(meshes)
    sources = [
        source
        for source in find_sources(root, part, known)
        if abs(source.head.angles[0]) + LEAST_TURN <= options.yaw[1]
    ][: options.most]
    if not sources:
        raise UserError(
            f'{root}: no face of {part} can be turned: all are turned already, stand at the edge '
            f'of their picture, or do not fit their meshes of {meshes}'
        )
    file = out / 'annotations' / f'{part}.json'
    file.unlink(missing_ok=True)  # pictures of another run change under it
    topology, made = make_topology(np.stack(list(known.values()))), []
    for source in track(sources, description=f'turning {part}'):
        for number, turned in enumerate(_turns(source, topology, options)):
            name = f'images/{part}_{source.id:05d}_{number}.jpg'
            write_bytes(out / name, cv2.imencode('.jpg', turned.image, _JPEG)[1].tobytes())
            annotation = to_annotation(turned, len(made) + 1)
            made.append((name, dict(annotation, source_face=source.id)))
    images = [dict(id=face['id'], file_name=name, width=SIDE, height=SIDE) for name, face in made]
    content = dict(images=images, annotations=[face for _, face in made])
    content['categories'] = [dict(id=1, name='face')]
    write_json(file, content)
    return len(made)


def check_out(root: Path, out: Path) -> None:
    """Raise `UserError` if turned faces would overwrite the annotations of the set itself."""
    if out.resolve() == root.resolve():
        raise UserError(f'{out}: is the set itself; choose another --out')


def find_sources(root: Path, part: str, meshes: Mapping[int, np.ndarray]) -> list[Source]:
    """The faces that can be turned, those that their mesh fits best first.

    Raises:
        UserError: the annotation file is missing or wrong.
    """
    file = root / 'annotations' / f'{part}.json'
    content, names = read_pictures(file)
    check_unique_faces(content['annotations'], str(file))
    sizes = {image['id']: _size(image, file) for image in content['images']}
    found = []
    for face in content['annotations']:
        if not isinstance(face.get('id'), int):
            raise UserError(f'{file}: an annotation has the id {face.get("id")!r}, no whole number')
        if face['id'] not in meshes:
            continue
        check_numbers(face, str(file), keypoints=68 * 3)
        points = np.array(face['keypoints'], float).reshape(68, 3)[:, :2]
        head = make_head(meshes[face['id']], points)
        if can_be_turned(head, sizes[face['image_id']]):
            found.append(Source(face['id'], root / names[face['image_id']], head))
    return sorted(found, key=lambda source: source.head.misfit)


def _size(image: Mapping[str, Any], file: Path) -> tuple[float, float]:
    size = image.get('width'), image.get('height')
    if not are_numbers(size, 2):
        raise UserError(f'{file}: image {image["id"]} has no width and height in px')
    return float(image['width']), float(image['height'])


def can_be_turned(head: PhotoHead, size: Sequence[int]) -> bool:
    """Whether a head in a photograph of `size` (width, height) is good enough to be turned."""
    low, high = tight_box(head.points[:, :2]).reshape(2, 2)
    room = LEAST_ROOM * (high - low).max()
    return (
        abs(head.angles[0]) <= MOST_TURNED
        and head.misfit <= WORST_FIT
        and bool((low >= room).all() and (high <= np.array(size) - 1 - room).all())
    )


def draw_angles(
    head: PhotoHead, number: int, options: TurnOptions, rng: np.random.Generator
) -> np.ndarray:
    """Yaw, pitch, roll [3] in degrees of copy `number` of a head, turned on the way it is.

    Its yaw is to be less than the largest of `options` by `LEAST_TURN` at least.
    """
    yaw, pitch, roll = head.angles
    side = np.sign(yaw) if abs(yaw) > FRONTAL else rng.choice([-1.0, 1.0])
    low, high = options.yaw
    step = (high - low) / options.turns
    new = max(low + (number + rng.uniform()) * step, abs(yaw) + LEAST_TURN)
    nod = np.clip(rng.normal(0, options.pitch), -2 * options.pitch, 2 * options.pitch)
    return np.array([side * new, pitch + nod, roll])


def _turns(source: Source, topology: Topology, options: TurnOptions) -> list[TurnedHead]:
    surrounded = surround(load_image(source.path))
    rng = np.random.default_rng((options.seed, source.id))
    return [
        turn(source.head, surrounded, topology, draw_angles(source.head, number, options, rng))
        for number in range(options.turns)
    ]


def point_weights(turned: TurnedHead) -> np.ndarray:
    """Weight [68] of each point in training."""
    weights = np.ones(len(turned.points))
    weights[:NUM_JAW] = np.where(turned.hidden[:NUM_JAW], 0, NEAR_JAW)
    weights[FAR_JAW[1.0 if turned.angles[0] > 0 else -1.0]] = 0
    return weights


def to_annotation(turned: TurnedHead, number: int) -> dict[str, Any]:
    """A copy as `WeightedFaceDataset` reads it: `coco_annotation` with `point_weights`."""
    box = tight_box(turned.points)
    size = box[2:] - box[:2]
    flags = np.where(turned.hidden, HIDDEN, SEEN)
    return dict(
        id=number,
        image_id=number,
        category_id=1,
        iscrowd=0,
        bbox=[*box[:2].round(2).tolist(), *size.round(2).tolist()],
        area=float(size.prod().round(1)),
        center=((box[:2] + box[2:]) / 2).round(3).tolist(),
        scale=float((size.max() / PIXEL_STD).round(5)),
        num_keypoints=len(flags),
        keypoints=np.column_stack([turned.points.round(2), flags]).ravel().tolist(),
        point_weights=point_weights(turned).tolist(),
        head_pose=turned.angles.round(2).tolist(),
    )
