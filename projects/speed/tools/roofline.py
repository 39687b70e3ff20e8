"""How near are networks to what a GPU, or this CPU, can do.

`python projects/speed/tools/roofline.py CONFIG …`

Half precision; crops lie on the device already. What is timed is normalisation, network and
decoding (other heads than ours: up to their raw output).
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.roofline import format_rows, place


def build_parser() -> ArgumentParser:
    """Configs in, table out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('configs', nargs='+')
    parser.add_argument('--device', choices=('cuda', 'cpu'), default='cuda')
    parser.add_argument('--batches', type=int, nargs='+', default=[1, 32, 256])
    parser.add_argument('--out', type=Path, help='JSON file for the ceilings and rows')
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    ceilings, rows = place(arguments.configs, arguments.batches, arguments.device)
    print(format_rows(ceilings, rows))
    if arguments.out:
        content = dict(ceilings=asdict(ceilings), rows=[asdict(row) for row in rows])
        write_json(arguments.out, content, indent=1)


if __name__ == '__main__':
    main()
