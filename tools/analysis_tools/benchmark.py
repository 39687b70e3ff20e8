"""Time models side by side: `python tools/analysis_tools/benchmark.py CONFIG [CONFIG ...]`,
the first is 1.00.
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.deploy.benchmark import USUAL, BenchmarkOptions, benchmark, format_rows
from fanet_mmpose.deploy.timed_runtime import RUNTIMES
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json


def build_parser() -> ArgumentParser:
    """Configs in, table out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('configs', nargs='+')
    parser.add_argument('--batches', type=int, nargs='+', default=[1, 8, 32])
    parser.add_argument('--threads', type=int, nargs='+', default=[1, 2])
    parser.add_argument('--runtimes', nargs='+', choices=RUNTIMES, default=list(USUAL))
    parser.add_argument('--seconds', type=float, default=3.0, help='for each row')
    parser.add_argument('--out', type=Path, help='JSON file for the rows')
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    options = BenchmarkOptions(
        tuple(arguments.batches),
        tuple(arguments.threads),
        tuple(arguments.runtimes),
        arguments.seconds,
    )
    rows = benchmark(arguments.configs, options)
    print(format_rows(rows))
    if arguments.out:
        write_json(arguments.out, [asdict(row) for row in rows], indent=1)


if __name__ == '__main__':
    main()
