"""Numbered pictures of the point sets, as docs/schemas.md shows them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.datasets.schema_pictures import save_schema_pictures
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.geometry.schemas import known_schemas


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('names', nargs='*', default=known_schemas(), help='schemas (all)')
    parser.add_argument('--out', type=Path, default=Path('docs/schemas'), help='folder')
    arguments = parser.parse_args()
    for path in save_schema_pictures(arguments.out, tuple(arguments.names)):
        print(path)


if __name__ == '__main__':
    main()
