"""68 weighted points for faces of which a machine drew 98, and people a few or none.

The machine's points go through `Correction` to people's convention, meet a second network's in
`agree`, and give way to people's where there are any. Nothing that comes of it is a truth to
report on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.coco_file import are_numbers, read_coco
from fanet_mmpose.datasets.held_out import is_held_out
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.schemas.conversions import convert
from fanet_mmpose.labelling.agreement import Agreed, agree
from fanet_mmpose.labelling.correction import Correction
from fanet_mmpose.labelling.two_views import Seen

EYES = (36, 45)
# Dantone et al.'s ten points (CVPR 2012) that are one of 68, by the order in which they are
# stored; their lips and nostrils are other places.
TEN_OF_68 = {0: 36, 1: 39, 2: 48, 3: 54, 6: 42, 7: 45}
HARD_FOR_BOTH = 0.25  # share of the network's variance that a hard face adds to the machine's
VAL_EVERY = 7  # one person in so many is held out


@dataclass(frozen=True)
class WeakSet:
    """The faces of one annotation file of weak labels.

    Attributes:
        name: of the set.
        images: by id, as in the file.
        faces: annotations that have `machine98`.
    """

    name: str
    images: Mapping[int, Mapping[str, Any]]
    faces: Sequence[Mapping[str, Any]]

    @property
    def machine(self) -> np.ndarray:
        """[N, 68, 2] px, the machine's points in the order of 68."""
        points = np.array([face['machine98'] for face in self.faces], float)
        return convert(points.reshape(-1, 98, 2), 'wflw98', '300w68')


def read_weak_set(path: Path) -> WeakSet:
    """Read a file. Raises `UserError` if it is missing, no JSON, or has no machine points."""
    content = read_coco(path)
    faces = [face for face in content['annotations'] if are_numbers(face.get('machine98'), 196)]
    if not faces:
        raise UserError(f'{path}: no annotation has 98 points in "machine98": give a weak set')
    images = {image['id']: image for image in content['images']}
    strays = [face.get('id') for face in faces if face.get('image_id') not in images]
    if strays:
        raise UserError(f'{path}: annotation {strays[0]} has an image_id that no image has')
    return WeakSet(path.stem, images, faces)


def weigh(machine: np.ndarray, seen: Seen, correction: Correction, residual: np.ndarray) -> Agreed:
    """Machine and network combined.

    Args:
        machine: [N, 68, 2] px, as drawn.
        seen: what a network finds on the same faces.
        correction: fitted on faces with people's points.
        residual: [68], variance of a corrected coordinate on held-out faces, eye distances².
    """
    unit = correction.eye_distances(machine)
    of_network = 2 * seen.scales**2  # of a Laplace distribution
    of_machine = residual * unit[:, None] ** 2 + HARD_FOR_BOTH * of_network
    return agree(correction(machine), seen.points, (of_machine, of_network), unit)


def with_people(agreed: Agreed, faces: Sequence[Mapping[str, Any]]) -> Agreed:
    """The same with people's points, of full weight, where `TEN_OF_68` knows them."""
    points, weights = agreed.points.copy(), agreed.weights.copy()
    mine, theirs = list(TEN_OF_68.values()), list(TEN_OF_68)
    for index, face in enumerate(faces):
        if len(face.get('keypoints', ())) != 30:
            continue
        ten = np.array(face['keypoints'], float).reshape(10, 3)[theirs]
        given = ten[:, 2] > 0
        points[index, np.array(mine)[given]] = ten[given, :2]
        weights[index, np.array(mine)[given]] = 1
    return Agreed(points, weights, agreed.apart)


def person(image: Mapping[str, Any]) -> str:
    """Who is on a picture of LFW: the folder it comes from; for others the picture."""
    return str(image.get('source', image['file_name'])).split('/')[0]


def is_in_val(image: Mapping[str, Any]) -> bool:
    """Whether the person belongs to val; decided by the name, so that no person is in both."""
    return is_held_out(person(image), VAL_EVERY)


def to_annotation(
    face: Mapping[str, Any], points: np.ndarray, weights: np.ndarray, number: int
) -> dict[str, Any]:
    """A face as `Face300WDataset` reads it, with `point_weights` beside its points."""
    box = tight_box(points)
    size = box[2:] - box[:2]
    flags = np.where(weights > 0, 2.0, 0.0)
    return dict(
        id=number,
        image_id=face['image_id'],
        category_id=1,
        iscrowd=0,
        bbox=[*box[:2].round(2).tolist(), *size.round(2).tolist()],
        area=float(round(size.prod(), 1)),
        center=((box[:2] + box[2:]) / 2).round(3).tolist(),
        scale=float(round(size.max() / 200, 5)),
        num_keypoints=int((weights > 0).sum()),
        keypoints=np.column_stack([points.round(2), flags]).ravel().tolist(),
        point_weights=weights.round(3).tolist(),
        head_pose=face.get('head_pose'),
    )
