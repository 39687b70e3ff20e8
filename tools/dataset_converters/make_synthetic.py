"""Write drawn faces as a data set, or a sheet of them.

`python tools/dataset_converters/make_synthetic.py --help`
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2

from fanet_mmpose.engine.config_options import ConfigOptions
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import write_bytes
from fanet_mmpose.synthetic.contact_sheet import draw_sheet
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety, make_variety
from fanet_mmpose.synthetic.write_set import SPLITS, write_set


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--schema', default='300w68', help='wflw98, 300w68, cofw29 or aflw19 (default %(default)s)')
    add('--num', type=int, default=64, help='faces in each split (default %(default)s)')
    add('--out', type=Path, default=Path('data/synthetic'), help='default: %(default)s')
    add('--splits', nargs='+', default=list(SPLITS), help='default: %(default)s')
    add('--seed', type=int, default=0)
    add('--image-size', type=int, default=224, help='px (default %(default)s)')
    add(
        '--variety', nargs='+', action=ConfigOptions, default={},
        help='knobs, e.g. yaw=90 glasses=0.5 (docs/synthetic.md)',
    )  # fmt: skip
    add(
        '--sheet', nargs=2, type=int, metavar=('ROWS', 'COLUMNS'),
        help='write one picture of faces, OUT, instead of a data set',
    )  # fmt: skip
    add('--benchmark', action='store_true', help='draw NUM faces, write nothing, say how fast')
    return parser.parse_args(argv)


def measure_speed(num: int, image_size: int, variety: Variety) -> str:
    """Draw `num` faces in one process and one thread; a sentence with both kinds of time.

    Raises:
        UserError: no faces asked for.
    """
    if num < 1:
        raise UserError(f'num must be at least 1: {num}')
    cv2.setNumThreads(1)
    render_face((1, 0, 0), image_size, variety)  # builds the mesh and the noise
    wall, busy = time.perf_counter(), time.process_time()
    for index in range(num):
        render_face((0, 0, index), image_size, variety)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return (
        f'{num} faces of {image_size} px: {1000 * busy / num:.1f} ms of CPU and '
        f'{1000 * wall / num:.1f} ms of wall clock each, {num / wall:.0f} faces/s'
    )


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Draw and write."""
    args = parse_args(argv)
    variety = make_variety(args.variety)
    if args.benchmark:
        print(measure_speed(args.num, args.image_size, variety))
        return
    if args.sheet:
        sheet = draw_sheet(*args.sheet, args.seed, args.image_size, variety, args.schema)
        quality = [cv2.IMWRITE_JPEG_QUALITY, 85]
        write_bytes(args.out, cv2.imencode('.jpg', sheet, quality)[1].tobytes())
        print(args.out)
        return
    for path in write_set(
        args.out, args.schema, args.num, args.splits, args.seed, args.image_size, variety
    ):
        print(path)


if __name__ == '__main__':
    main()
