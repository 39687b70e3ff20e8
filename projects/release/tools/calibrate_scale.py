"""Fit a checkpoint's predicted scales to its errors.

`python projects/release/tools/calibrate_scale.py --help`

RESULTS is what `tools/test.py` of the checkpoint writes on val, with
`--cfg-options test_evaluator.out_file=RESULTS.json`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from projects.release.calibrate_scale import calibrate_scale


def build_parser() -> ArgumentParser:
    """A checkpoint and its results in, a checkpoint out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path)
    parser.add_argument('checkpoint', type=Path)
    parser.add_argument('results', type=Path, help='of the checkpoint, on faces not trained on')
    parser.add_argument('--out', type=Path, required=True, help='checkpoint to write')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Calibrate, write, say by how much."""
    args = build_parser().parse_args(argv)
    factor = calibrate_scale(args.config, args.checkpoint, args.results, args.out)
    print(f'{args.out}: predicted scales are {factor:.3f} times what they were')


if __name__ == '__main__':
    main()
