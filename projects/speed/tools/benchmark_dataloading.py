"""Images/s of MMPose's stock training pipeline, from photographs and from the crop cache."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from fanet_mmpose.datasets.converters import build_crops
from fanet_mmpose.errors import friendly_exit
from projects.speed.dataloading_speed import images_per_second, write_demo_photographs


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('root', type=Path, nargs='?', help='a prepared data set; default: --demo 1024')
    add('--demo', type=int, default=1024, metavar='SIDE',
        help='without root: measure on a public-domain photograph enlarged to this')  # fmt: skip
    add('--crops', type=int, default=256, metavar='SIZE', help='input size of the network')
    add('--faces', type=int, default=300, help='how many to time')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure both and print them."""
    args = parse_args(argv)
    with TemporaryDirectory() as folder:
        root = args.root or write_demo_photographs(Path(folder) / 'demo', args.demo)
        crops = root / f'crops_{args.crops}'
        if not crops.is_dir():
            crops = build_crops(root, args.crops, Path(folder) / 'crops')
        for label, where in (('photographs', root), ('crops', crops)):
            speed = images_per_second(where, args.crops, args.faces)
            print(f'{label:12s} {speed:7.1f} images per CPU second')


if __name__ == '__main__':
    main()
