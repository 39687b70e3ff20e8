"""How small a face each detector still finds: val faces shrunk into large photographs of things."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.detectors.calibrate import annotated_faces
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.face_detector.far_faces import find_far
from projects.face_detector.scenes.backgrounds import photographs
from projects.face_detector.search_options import OPTIONS


def build_parser() -> ArgumentParser:
    """Detectors, data, sizes and where to write."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('detectors', nargs='+')
    add('--data', default='data/300w')
    add('--limit', type=int, default=60, help='val faces, evenly chosen')
    add('--sides', nargs='+', type=int, default=[20, 30, 40, 60, 100], help='of the face, px')
    add('--scene', nargs=2, type=int, default=[2000, 1500], help='width and height, px')
    add('--model', default='fanet_lite_300w')
    add('--out', type=Path, help='JSON file to write')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Print a table, and write it if asked to."""
    args = build_parser().parse_args(argv)
    cv2.setNumThreads(1)
    model = OnnxModel(weights.find(args.model, '.onnx'), threads=1)
    faces = list(annotated_faces(args.data, 'val', args.limit))
    scenes = [fill(photograph, args.scene) for photograph in photographs()]
    rows: dict[str, Any] = {}
    for name in track(args.detectors, 'detectors'):
        options = OPTIONS.get(name)
        detector = build_detector(name, **({'options': options.usual} if options else {}))
        find = FaceLandmarker(model, detector)
        rows[name] = {str(side): vars(find_far(find, faces, scenes, side)) for side in args.sides}
    print('| found, false |', *(f'{side} px |' for side in args.sides), 'CPU ms |')
    for name, row in rows.items():
        cells = [f'{seen["found"]:.2f}, {seen["false"]:.2f} |' for seen in row.values()]
        spent = np.median([seen['milliseconds'] for seen in row.values()])
        print(f'| `{name}` |', *cells, f'{spent:.0f} |')
    if args.out:
        settings = {key: value for key, value in vars(args).items() if key != 'out'}
        write_json(args.out, {**settings, 'results': rows}, indent=1)


def fill(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of a picture, enlarged to (width, height)."""
    factor = max(side / own for side, own in zip(size, image.shape[1::-1], strict=True))
    large = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    top, left = ((own - side) // 2 for own, side in zip(large.shape, size[::-1], strict=False))
    return large[top : top + size[1], left : left + size[0]]


if __name__ == '__main__':
    main()
