"""Bring fanet_mmpose/weights/manifest.json up to date with the files that lie there.

`publish.py` does it for weights; after an export of a detector, or a copied file, run this.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.weights import FOLDER
from fanet_mmpose.weights.manifest import read_manifest, refresh_manifest


def build_parser() -> ArgumentParser:
    """Files that are new in the wheel may be named."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--in-wheel', nargs='+', default=[], help='names of files to carry, too')
    parser.add_argument('--folder', type=Path, default=FOLDER)
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    before = read_manifest(arguments.folder)
    after = refresh_manifest(arguments.folder, tuple(arguments.in_wheel))
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            what = 'gone' if name not in after else 'changed' if name in before else 'new'
            print(f'{name}: {what}')
    print(f'{sum(file.size for file in after.values() if file.in_wheel) / 1e6:.1f} MB in the wheel')


if __name__ == '__main__':
    main()
