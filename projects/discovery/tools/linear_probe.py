"""Fit a linear probe from discovered to annotated points, and score it.

`projects/discovery/tools/linear_probe.py CONFIG CHECKPOINT --out JSON`

The network is frozen; a linear map without bias is fitted on a few annotated faces and scored on
others. `--part val` is for choosing, `--part test` for reporting.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.discovery.measure import Request, measure
from projects.discovery.measure_table import format_scores


def parse() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path, help='its `linear_probe` says which faces')
    parser.add_argument('checkpoint', help='a trained one; `untrained` or `template` as baseline')
    parser.add_argument('--faces', help='name of a set in the config; the first by default')
    parser.add_argument('--part', choices=('val', 'test'), default='val')
    parser.add_argument(
        '--nums', type=int, nargs='*', default=[1, 10, 100, 1000], help='faces to fit on'
    )
    parser.add_argument('--draws', type=int, default=3, help='draws of the faces to fit on')
    parser.add_argument('--seed', type=int, default=0, help='of an untrained network')
    parser.add_argument('--out', type=Path, help='JSON file to write')
    return parser.parse_args()


@friendly_exit
def main() -> None:
    arguments = parse()
    out, options = arguments.out, {k: v for k, v in vars(arguments).items() if k != 'out'}
    result = measure(Request(**options))
    if out:
        write_json(out, result, indent=1)
    print(format_scores(result))


if __name__ == '__main__':
    main()
