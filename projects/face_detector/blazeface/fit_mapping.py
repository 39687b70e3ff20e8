"""From BlazeFace's six points to the tight box of 68: ridge regression on annotated faces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from fanet_mmpose.geometry.boxes import max_iou, tight_box
from fanet_mmpose.geometry.roll import difference, roll_of_axes, roll_of_points, turned
from fanet_mmpose.geometry.schemas import get_conversion, get_schema
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.blaze_faces import merge
from fanet_mmpose.inference.detectors.blaze_network import LEFT_EYE, MOUTH, RIGHT_EYE, BlazeNetwork
from fanet_mmpose.inference.detectors.views import Pyramid, square_view, whole

SHARES = (1.0, 0.6)  # sizes at which each picture is looked at
SURE, HIT, UPRIGHT = 0.5, 0.3, 45.0  # least score and overlap, and largest roll, of a face used
RIDGE = 0.01
SCHEMA = get_schema('300w68')

Face = tuple[Path, np.ndarray]  # picture and 68 points, px


def annotated_points(root: Path, split: str) -> Iterator[Face]:
    """Faces of ``root/annotations/split.json`` with 68 points, or with 98 that a machine drew."""
    content = json.loads((root / 'annotations' / f'{split}.json').read_text(encoding='utf-8'))
    names = {image['id']: image['file_name'] for image in content['images']}
    convert = get_conversion('wflw98', '300w68')
    for face in content['annotations']:
        path = root / names[face['image_id']]
        if 'machine98' in face:
            yield path, convert(np.reshape(face['machine98'], (98, 2)).astype(float))
        else:
            yield path, np.reshape(face['keypoints'], (-1, 3))[:, :2].astype(float)


def pairs(network: BlazeNetwork, faces: Iterable[Face]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each face seen: 12 coordinates of the six points, and x, y, side of the tight box.

    Both in the face's own frame: turned upright, in units of the network's box, round its middle.
    """
    for path, points in faces:
        image = load_image(path)
        for share in SHARES:
            view = square_view(whole(image), network.layout.side, 0.0, share)
            raw = merge(network(Pyramid(image).look(view)[None], SURE)[0])
            truth = points @ view.matrix[:, :2].T + view.matrix[:, 2]
            for center, side, six in zip(raw.centers, raw.sides, raw.points, strict=True):
                box = np.concatenate([center - side / 2, center + side / 2])
                middle = (six[LEFT_EYE] + six[RIGHT_EYE]) / 2
                roll = float(roll_of_axes(six[LEFT_EYE] - six[RIGHT_EYE], six[MOUTH] - middle))
                wrong = abs(difference(roll, roll_of_points(truth, SCHEMA))) > UPRIGHT / 2
                if max_iou(box, [tight_box(truth)]) < HIT or abs(roll) > UPRIGHT or wrong:
                    continue
                own = turned((truth - center) / side, -roll)
                low, high = tight_box(own).reshape(2, 2)
                target = np.append((low + high) / 2, (high - low).max())
                yield turned((six - center) / side, -roll).reshape(-1), target


def ridge(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """[13, 3]: constants, then weights of inputs [N, 12], for targets [N, 3]."""
    rows = np.column_stack([np.ones(len(inputs)), inputs])
    penalty = RIDGE * np.diag([0.0] + [1.0] * inputs.shape[1])
    return np.linalg.solve(rows.T @ rows + penalty, rows.T @ targets)
