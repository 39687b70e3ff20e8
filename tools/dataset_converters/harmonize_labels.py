"""Bring one set's labels to another set's annotation convention.

`python tools/dataset_converters/harmonize_labels.py --help`

RESULTS is what `tools/test.py` of a model of the other set writes on these faces, with
`--cfg-options test_evaluator.out_file=RESULTS.json`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.labelling.harmonize import harmonize_file


def build_parser() -> ArgumentParser:
    """Predictions and labels in, labels out."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('results', type=Path, help='predictions of a model of the set whose convention is wanted')
    add('annotations', type=Path, help='COCO-style file of the labels to change')
    add('--out', type=Path, required=True, help='COCO-style file to write')
    add('--trust', type=float, default=0.5, help='share of the label, 0 to 1 (default %(default)s)')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Harmonize a file and say by how much it changed."""
    args = build_parser().parse_args(argv)
    made = harmonize_file(args.results, args.annotations, args.out, args.trust)
    print(
        f'{args.out}: {len(made.points)} faces; labels were {made.before.mean():.2%} of the eye '
        f'distance from the predictions, {made.after.mean():.2%} without the annotation bias'
    )


if __name__ == '__main__':
    main()
