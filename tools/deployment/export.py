"""Write a checkpoint as ONNX.

`python tools/deployment/export.py CONFIG CHECKPOINT -o model.onnx`
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.deploy.export import PRECISIONS, export_onnx
from fanet_mmpose.errors import friendly_exit


def build_parser() -> ArgumentParser:
    """Files in, file out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config that the checkpoint was trained with')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('-o', '--out', default='model.onnx', help='ONNX file to write')
    parser.add_argument('--precision', choices=PRECISIONS, default='fp32')
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    info = export_onnx(arguments.config, arguments.checkpoint, arguments.out, arguments.precision)
    size = Path(arguments.out).stat().st_size / 1e6
    print(f'{arguments.out}: {info.name}, {info.schema.name}, {info.precision}, {size:.1f} MB')


if __name__ == '__main__':
    main()
