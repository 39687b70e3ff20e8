"""Measure face detectors side by side on val faces and write their table into docs/detectors.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

import cv2
from rich.progress import track

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_text
from fanet_mmpose.inference.detectors import known_detectors
from projects.face_detector.benchmark import format_table, measure_on, write_row
from projects.marked_text import replace_between

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT.parents[1] / 'docs/detectors.md'
SELF = 'projects/face_detector/tools/benchmark_detectors.py'
NEED_A_FILE = ('mmdet', 'precomputed')  # `mmdet:CONFIG,CHECKPOINT` is measured if it is named


def build_parser() -> ArgumentParser:
    """Detectors, data and where to write."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    names = [name for name in known_detectors() if name not in NEED_A_FILE]
    add('detectors', nargs='*', default=names, help=f'default: {", ".join(names)}')
    add('--data', nargs='+', default=['data/300w', 'data/ytf68'])
    add('--limit', type=int, default=100, help='val faces per set, evenly chosen; 0 for all')
    add('--rows', type=Path, default=PROJECT / 'results/benchmark')
    add('--page', type=Path, default=PAGE, help='its table is rewritten')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, write a row for each, then the table of all rows there are."""
    args = build_parser().parse_args(argv)
    cv2.setNumThreads(1)
    for name in track(args.detectors, 'detectors'):
        command = f'python {SELF} {name} --limit {args.limit}'
        row = measure_on(name, args.data, args.limit)
        write_row(args.rows, name.partition(':')[0], row, command)
    files = sorted(args.rows.glob('*.json'))
    rows = {path.stem: json.loads(path.read_text('utf-8'))['results'] for path in files}
    table = format_table(rows)
    write_text(args.page, replace_between(args.page.read_text('utf-8'), table, str(args.page)))
    print(table)


if __name__ == '__main__':
    main()
