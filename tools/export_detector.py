"""Write a trained RTMDet face detector as ONNX: `... CONFIG CHECKPOINT -o detector.onnx`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.deploy.detector_export import TOLERANCES, export_detector
from fanet_mmpose.errors import friendly_exit


def build_parser() -> ArgumentParser:
    """Files in, file out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config that the checkpoint was trained with')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('-o', '--out', default='detector.onnx', help='ONNX file to write')
    parser.add_argument('--precision', choices=tuple(TOLERANCES), default='fp32')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Export and say how large it is."""
    args = build_parser().parse_args(argv)
    export_detector(args.config, args.checkpoint, args.out, args.precision)
    print(f'{args.out}: {args.precision}, {Path(args.out).stat().st_size / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
