"""Make weak labels of 68 points: `python tools/dataset_converters/weak_labels.py --help`.

Faces with 98 points that a machine drew (`machine98`) get 68 in the convention of another set,
PEOPLE, with weights by how far the machine and a network of ours agree (docs/datasets.md).
`annotations/machine98_NAME_{train,val}.json` beside the weak sets holds the machine's points of
the faces of PEOPLE, whose folder is called NAME.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import friendly_exit  # noqa: E402
from fanet_mmpose.labelling.make_weak_labels import make_weak_labels  # noqa: E402


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('sets', nargs='+', help='names of weak sets: WEAK/annotations/NAME.json')
    add('--weak', type=Path, default=Path('data/wild'), help='default: %(default)s')
    add('--people', type=Path, default=Path('data/300w'), help='default: %(default)s')
    add('--model', default='fanet_300w', help='second labels: shipped name or ONNX file')
    add('--out', type=Path, required=True, help='folder: train.json, val.json, agreement.json')
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Make them, say how good they are on faces of PEOPLE that nothing was fitted on."""
    args = parse_args(argv)
    report = make_weak_labels(args.weak, args.sets, args.people, args.model, args.out)
    for name, value in report['people_val_nme'].items():
        print(f'{args.people.name} val, {name}: {value:.2%} of the eye distance')
    for name, row in report['sets'].items():
        print(f'{name}: {row}')


if __name__ == '__main__':
    main()
