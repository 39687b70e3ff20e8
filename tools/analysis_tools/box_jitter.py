"""NME against a disturbed face box.

`python tools/analysis_tools/box_jitter.py CONFIG CHECKPOINT`
"""

from __future__ import annotations

from argparse import ArgumentParser

from rich.console import Console

from fanet_mmpose.engine.options import TestOptions, add_shared_arguments, to_options
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.box_jitter_study import (
    JitterGrid,
    jitter_table,
    save_jitter,
    study_box_jitter,
)


def build_parser() -> ArgumentParser:
    """The study's own flags and those of tools/test.py."""
    grid = JitterGrid()
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file; its test set is used')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument(
        '--shifts', type=float, nargs='+', default=grid.shifts, help='in longer sides of the box'
    )
    parser.add_argument('--scales', type=float, nargs='+', default=grid.scales)
    parser.add_argument('--seed', type=int, default=grid.seed, help='of the directions')
    parser.add_argument('--out', help='write the numbers there (.json) and a .png beside')
    add_shared_arguments(parser)
    parser.set_defaults(dump=None)
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    grid = JitterGrid(arguments.shifts, arguments.scales, arguments.seed)
    facts = {'config': arguments.config, 'checkpoint': arguments.checkpoint, 'seed': grid.seed}
    out, arguments.out = arguments.out, None
    points = study_box_jitter(
        arguments.config, arguments.checkpoint, grid, to_options(TestOptions, arguments)
    )
    Console().print(jitter_table(points))
    if out:
        save_jitter(points, out, **facts)


if __name__ == '__main__':
    main()
