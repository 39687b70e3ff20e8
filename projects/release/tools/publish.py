"""Make the files that are published, and refresh the manifest.

`projects/release/tools/publish.py CHECKPOINT CONFIG NAME --training-data TEXT`
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.weights import FOLDER
from fanet_mmpose.weights.manifest import files_of, read_manifest
from projects.release.publish import PublishOptions, publish


def build_parser() -> ArgumentParser:
    """A training's output in, shipped files out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', help='checkpoint of a training')
    parser.add_argument('config', help='its config')
    parser.add_argument('name', help='of the published model')
    parser.add_argument('--training-data', required=True, help='sets and numbers of faces')
    parser.add_argument('--results', help='JSON: {dataset: {metric: value}}')
    parser.add_argument('--precisions', nargs='+', default=['fp32'], help='ONNX files: fp32, int8')
    parser.add_argument('--folder', type=Path, default=FOLDER)
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    options = PublishOptions(
        arguments.training_data,
        arguments.results,
        tuple(arguments.precisions),
        arguments.folder,
    )
    card = publish(arguments.checkpoint, arguments.config, arguments.name, options)
    for file in files_of(read_manifest(arguments.folder), card.name).values():
        print(f'{arguments.folder / file.path}: {file.size / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
