"""Add WFLW's 98 points to faces with 68: `python tools/dataset_converters/wflw_labels.py --help`.

The 98 are those that a machine drew, corrected by the 68 (docs/datasets.md). They are labels to
learn from, not to report on.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import friendly_exit  # noqa: E402
from fanet_mmpose.files import read_json  # noqa: E402
from fanet_mmpose.labelling.wflw_labels import (  # noqa: E402
    add_wflw_labels,
    fit_convention,
    machine_points,
)


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--people', type=Path, default=Path('data/300w'), help='default: %(default)s')
    add('--frames', type=Path, default=Path('data/ytf68_300w.json'), help='default: %(default)s')
    add('--weak-labels', type=Path, default=Path('data/wild68/train.json'),
        help='of weak_labels.py; default: %(default)s')  # fmt: skip
    add('--weak', type=Path, default=Path('data/wild'), help='default: %(default)s')
    add('--out', type=Path, required=True, help='folder: people, val, frames and weak.json')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Write the four files."""
    args = parse_args(argv)
    drawn = args.weak / 'annotations'
    people = args.people / 'annotations' / 'train.json'
    of_people = drawn / f'machine98_{args.people.name}_train.json'
    of_val = drawn / f'machine98_{args.people.name}_val.json'
    convention = fit_convention(people, of_people)
    for name, path, machine in (
        ('people', people, read_json(of_people)),
        ('val', people.with_name('val.json'), read_json(of_val)),
        ('frames', args.frames, read_json(drawn / 'machine98_ytf68_train.json')),
        ('weak', args.weak_labels, machine_points(args.weak_labels, args.weak)),
    ):
        count = add_wflw_labels(path, machine, convention, args.out / f'{name}.json')
        print(f'{args.out / name}.json: {count} faces with 98 points')


if __name__ == '__main__':
    main()
