"""Annotated faces that the whole default pipeline misses, and the looks that it takes for them.

`... FILE...` of COCO-style annotations; `--distort` turns, covers, blurs, ... each picture once.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.robustness.backgrounds import skimage_pictures
from fanet_mmpose.evaluation.robustness.distortions import DISTORTIONS
from fanet_mmpose.evaluation.robustness.faces import chosen
from fanet_mmpose.evaluation.robustness.measure import FOUND
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import max_iou, tight_box, xywh_to_xyxy
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork, RawFaces
from fanet_mmpose.inference.landmarker import DEFAULT_DETECTOR, FaceLandmarker

Case = tuple[str, np.ndarray, np.ndarray | None]  # name, picture and box [4] of its face


def build_parser() -> ArgumentParser:
    """Files and how many faces of them."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('files', nargs='*', type=Path, help='COCO-style, with points or boxes')
    add('--limit', type=int, default=150, help='faces of each file, evenly chosen')
    add('--distort', action='store_true')
    add('--empty', action='store_true', help="scikit-image's pictures without a face, too")
    add('--seed', type=int, default=0)
    add('--out', type=Path, help='JSON file')
    return parser


def cases(path: Path, limit: int, rng: np.random.Generator | None) -> Iterator[Case]:
    """Faces of a file; with a generator each is distorted in one way of chance."""
    for picture, annotation in chosen(path, limit):
        name, image = str(annotation['id']), load_image(picture)
        points = xywh_to_xyxy(np.array(annotation['bbox'], float)).reshape(2, 2)
        if annotation.get('num_keypoints') == 68 or '300w' in str(path):
            points = np.reshape(annotation['keypoints'], (-1, 3))[:, :2].astype(float)
        if rng is not None:
            kind = str(rng.choice(sorted(DISTORTIONS)))
            level = DISTORTIONS[kind].levels[int(rng.integers(1, len(DISTORTIONS[kind].levels)))]
            image, points = DISTORTIONS[kind].apply(image, points, level, rng)
            name = f'{name} {kind} {level}'
        yield name, image, tight_box(points)


def count_looks(network: BlazeNetwork, looks: Counter[str]) -> BlazeNetwork:
    """The same network, which counts its looks by its kind and the longer side in px."""

    class Counting(BlazeNetwork):
        def __call__(self, pictures: np.ndarray, min_score: float) -> list[RawFaces]:
            looks[f'{self.kind} {max(pictures.shape[1:3])}'] += len(pictures)
            return super().__call__(pictures, min_score)

    network.__class__ = Counting
    return network


def count(landmarker: FaceLandmarker, own: Iterator[Case], looks: Counter[str]) -> dict[str, Any]:
    """Of a set: faces, which are missed, what is found, looks a picture."""
    looks.clear()
    missed, pictures, faces, found = [], 0, 0, 0
    for name, image, box in own:
        boxes = [tight_box(face.points) for face in landmarker(image)]
        pictures, found = pictures + 1, found + len(boxes)
        faces += box is not None
        if box is not None and max_iou(box, boxes) < FOUND:
            missed.append(name)
    shares = {kind: round(number / pictures, 2) for kind, number in sorted(looks.items())}
    return {'faces': faces, 'found': found, 'missed': missed, 'looks_a_picture': shares}


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Count, print, write."""
    args = build_parser().parse_args(argv)
    landmarker, looks, report = FaceLandmarker(detector=DEFAULT_DETECTOR), Counter(), {}
    for network in (landmarker.detector._short, landmarker.detector._full):
        count_looks(network, looks)
    rng = np.random.default_rng(args.seed) if args.distort else None
    sets = {str(path): cases(path, args.limit, rng) for path in args.files}
    if args.empty:
        sets['empty'] = (('', picture, None) for picture in skimage_pictures())
    for name, own in sets.items():
        report[name] = count(landmarker, own, looks)
        print(name, {**report[name], 'missed': len(report[name]['missed'])}, flush=True)
    if args.out:
        write_json(args.out, report, indent=1)


if __name__ == '__main__':
    main()
