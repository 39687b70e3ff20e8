"""Faces trained per second of CPU time: the stock way, then each means to be quick added."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.training_speed import measure


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='a recipe, its data in place')
    parser.add_argument('--faces', type=int, default=320, help='of an epoch')
    parser.add_argument('--out', type=Path, help='JSON file for the rows')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, print, write."""
    args = parse_args(argv)
    speeds = measure(args.config, args.faces)
    for speed in speeds:
        print(f'{speed.name:45s} {speed.faces_per_second:6.1f} faces/s  x{speed.ratio:.2f}')
    if args.out:
        rows = [asdict(speed) for speed in speeds]
        write_json(args.out, dict(config=args.config, faces=args.faces, rows=rows), indent=1)


if __name__ == '__main__':
    main()
