"""Scores of faces, of small faces and of corners without a face, to set `min_score` by."""

from __future__ import annotations

import argparse
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.face_detector.face_scores import describe_scores, score_corners, score_faces


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('model', help='name of shipped weights, or an .onnx file')
    add('annotations', type=Path, nargs='+', help='COCO-style files, images two folders above')
    add('--sides', type=float, nargs='*', default=[20.0, 16.0], help='of shrunk faces, px')
    add('--out', type=Path, help='JSON file for the rows')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, print, write."""
    args = parse_args(argv)
    landmarker = FaceLandmarker(args.model, 'whole_image')
    rows = []
    for path in args.annotations:
        root = path.parent.parent
        measured = {'faces': score_faces(landmarker, path, root)}
        for side in args.sides:
            measured[f'faces of {side:g} px'] = score_faces(landmarker, path, root, side)
        measured['corners'] = score_corners(landmarker, path, root)
        for what, scores in measured.items():
            rows.append(dict(annotations=str(path), what=what, **describe_scores(scores)))
            print(rows[-1], flush=True)
    if args.out:
        write_json(args.out, rows, indent=1)


if __name__ == '__main__':
    main()
