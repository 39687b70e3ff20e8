"""Linear probes side by side.

`projects/discovery/tools/linear_probe_table.py projects/discovery/results/mtfl_*.json`
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from projects.discovery.measure_table import format_table, group_files

FIELDS = ('forward_mean', 'forward_median', 'backward_mean', 'backward_median')


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('results', nargs='+', type=Path, help='files of linear_probe.py --out')
    parser.add_argument('--fields', nargs='+', choices=FIELDS, default=['forward_mean'])
    arguments = parser.parse_args()
    groups = group_files(arguments.results)
    print('\n\n'.join(format_table(groups, field) for field in arguments.fields))


if __name__ == '__main__':
    main()
