"""Collect the trainings of projects/handcrafted_features/README.md: one JSON file each, and
the table.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json, write_text
from projects.handcrafted_features.parts import describe_part, format_parts
from projects.marked_text import replace_between

PROJECT = Path(__file__).resolve().parents[1]


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('configs', nargs='+', type=Path, help='what was trained, or will be')
    parser.add_argument('--work', type=Path, default=Path('work_dirs/parts'), help='trainings')
    parser.add_argument('--results', type=Path, default=PROJECT / 'results')
    parser.add_argument('--page', type=Path, default=PROJECT / 'README.md')
    arguments = parser.parse_args()
    rows = [describe_part(config, arguments.work) for config in arguments.configs]
    text = arguments.page.read_text(encoding='utf-8')
    page = replace_between(text, format_parts(rows), str(arguments.page))
    for row in rows:
        write_json(arguments.results / f'{row["table"]}_{row["name"]}.json', row, indent=1)
    write_text(arguments.page, page)
    print(format_parts(rows))


if __name__ == '__main__':
    main()
