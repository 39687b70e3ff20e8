"""NME of shipped or exported models as users call them: ONNX files, INT8 too, without MMPose."""

from __future__ import annotations

import argparse
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.inference_score import score_detected, score_inference
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('model', help='name of shipped weights, or an .onnx file')
    add('annotations', type=Path, nargs='+', help='COCO-style files')
    add('--image-root', type=Path, help='folder of the file names; default: two above each file')
    add('--backends', nargs='+', default=['onnx'], help='onnx, onnx-int8, torch')
    add('--detectors', nargs='+', default=[], help='instead of true boxes; then 1 to 3 passes')
    add('--out', type=Path, help='JSON file for the rows')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Score, print, write."""
    args = parse_args(argv)
    rows = []
    for backend in args.backends:
        for detector in args.detectors or ['']:
            landmarker = FaceLandmarker(args.model, detector or 'whole_image', backend=backend)
            score = score_detected if detector else score_inference
            for path in args.annotations:
                root = args.image_root or path.parent.parent
                row = dict(model=args.model, backend=backend, annotations=str(path))
                row |= dict(detector=detector) if detector else {}
                rows.append({**row, **score(landmarker, path, root)})
                print(rows[-1], flush=True)
    if args.out:
        write_json(args.out, rows, indent=1)


if __name__ == '__main__':
    main()
