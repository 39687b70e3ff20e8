"""Parts of scenes away from every face that is marked or that a detector suspects, as JSON.

The list is made once, so that a change of the detector does not change what it is judged by.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.robustness.backgrounds import place_parts
from fanet_mmpose.evaluation.robustness.faces import chosen
from fanet_mmpose.files import write_json
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors import build_detector

SUSPECTS = ('fanet_face_all', 'blazeface_full')


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('scenes', type=Path, help='COCO-style file of boxes')
    add('--limit', type=int, default=240, help='scenes, evenly chosen; %(default)s')
    add('--seed', type=int, default=0)
    add('-o', '--out', type=Path, required=True)
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Look, place, write."""
    args = parse_args(argv)
    detectors = [build_detector(name) for name in SUSPECTS]
    root, parts = args.scenes.parent.parent, []
    for index, (path, annotation) in enumerate(chosen(args.scenes, args.limit)):
        x, y, width, height = annotation['bbox']
        image, marked = load_image(path), np.array([x, y, x + width, y + height])
        boxes = [marked, *(box for detect in detectors for box in detect(image).boxes)]
        rng = np.random.default_rng((args.seed, index))
        for corner, side in place_parts(image.shape[:2], boxes, rng):
            left, top = corner.tolist()
            parts.append([str(path.relative_to(root)), left, top, side])
    write_json(args.out, parts)
    print(f'{args.out}: {len(parts)} parts')


if __name__ == '__main__':
    main()
