"""Convert a face data set for training.

`python tools/dataset_converters/prepare_dataset.py --help`
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fanet_mmpose.errors import friendly_exit

try:
    from fanet_mmpose.datasets.converters import (
        DATASETS,
        Options,
        build_crops,
        convert_dataset,
        print_summary,
    )
    from fanet_mmpose.datasets.converters.custom import LAYOUTS
    from fanet_mmpose.datasets.converters.units import UNITS
except ModuleNotFoundError as error:
    raise SystemExit(
        f'error: the package {error.name} is missing: install what the conversion of data sets '
        'needs, pip install ".[demo]"'
    ) from None


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments; all but `crops` are the fields of `Options`."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('dataset', choices=DATASETS)
    add(
        '--source', dest='sources', nargs='+', type=Path, required=True,
        help='the release: folders, archives, or a folder of archives',
    )  # fmt: skip
    add('--out', type=Path, help='default: data/DATASET')
    add('--schema', help='custom: a YAML file (docs/schemas.md) or a known point set')
    add('--format', dest='layout', choices=LAYOUTS, help='custom: default, found out')
    add(
        '--base', type=float,
        help="custom: what the first pixel's centre is called (default: as the format has it)",
    )  # fmt: skip
    add(
        '--missing', nargs='+', default=(), metavar='MARK',
        help='custom: what both coordinates of an absent point are, besides -1, 0 and nothing: '
             "numbers; signs for MERL-RAV's; none for no marks at all",
    )  # fmt: skip
    add(
        '--category', dest='categories', nargs='+', default=(), metavar='NAME',
        help='custom: the objects that are faces (default: found out)',
    )  # fmt: skip
    add(
        '--first-number', type=int, choices=(0, 1),
        help='custom: what points labelled by numbers count from (default: found out)',
    )  # fmt: skip
    add(
        '--units', choices=UNITS,
        help="custom: what coordinates are, pixels or parts of the picture's size (default: "
             'pixels, refused if they look otherwise)',
    )  # fmt: skip
    add('--no-train', action='store_true', help='write a set of which nothing is for training')
    add(
        '--val-every', type=int, metavar='N',
        help='one in N training photographs becomes val where there is none (default 10; 20 for '
             'wflw, aflw)',
    )  # fmt: skip
    add(
        '--test-every', type=int, default=Options.test_every, metavar='N',
        help='the same for a custom set without a test (default %(default)s; 0: none)',
    )  # fmt: skip
    add('--seed', type=int, default=Options.seed, help='of these splits')
    add(
        '--max-bad', type=float, default=Options.max_bad,
        help='share of bad rows that stops the run (default %(default)s)',
    )  # fmt: skip
    add('--link', action='store_true', help='link images instead of copying them')
    add('--force', action='store_true', help='replace what an earlier run made')
    add(
        '--crops', type=int, nargs='?', const=256, metavar='SIZE',
        help='also store face crops for this input size (default 256)',
    )  # fmt: skip
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Convert, report, and cut crops if asked to."""
    fields = vars(parse_args(argv))
    crops = fields.pop('crops')
    fields.update({name: tuple(fields[name]) for name in ('missing', 'categories')})
    fields['out'] = fields['out'] or Path('data') / fields['dataset']
    options = Options(**fields)
    print_summary(convert_dataset(options), options.out)
    if crops:
        print(f'crops: {build_crops(options.out, crops)}')


if __name__ == '__main__':
    main()
