"""Write a trained RTMDet face detector as ONNX: `... CONFIG CHECKPOINT -o detector.onnx`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import UserError, friendly_exit
from projects.face_detector.detector_export import TOLERANCES, export_detector
from projects.face_detector.metafile import DetectorCard, write_metafile


def build_parser() -> ArgumentParser:
    """Files in, files out."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('config', type=Path, help='config that the checkpoint was trained with')
    add('checkpoint', help='checkpoint file')
    add('-o', '--out', type=Path, default=Path('detector.onnx'), help='ONNX file to write')
    add('--precision', choices=tuple(TOLERANCES), default='fp32')
    add('--training-data', help='also write a metafile beside it, which says what it learnt from')
    add('--results', type=Path, help='for the metafile: JSON, metric -> value by dataset')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Export and say how large it is."""
    args = build_parser().parse_args(argv)
    results = read_results(args.results) if args.results else {}
    export_detector(args.config, args.checkpoint, args.out, args.precision)
    if args.training_data:
        config = f'projects/face_detector/configs/{args.config.name}'
        write_metafile(args.out, DetectorCard(config, args.training_data, results))
    print(f'{args.out}: {args.precision}, {args.out.stat().st_size / 1e6:.1f} MB')


def read_results(path: Path) -> dict[str, dict[str, float]]:
    """Raise `UserError` if the file is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise UserError(f'{path}: is no readable JSON of results ({error})') from error


if __name__ == '__main__':
    main()
