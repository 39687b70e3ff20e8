"""Keep what a training reached.

`python projects/release/tools/record_training.py WORK_DIR OUT --command "..."`
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.release.training_record import describe_training


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('work', type=Path, help='work directory of a finished training')
    parser.add_argument('out', type=Path, help='JSON file')
    parser.add_argument('--command', required=True, help='that trained it')
    parser.add_argument('--test', type=Path, help='metrics on test (tools/test.py --out)')
    args = parser.parse_args(argv)
    test = json.loads(args.test.read_text(encoding='utf-8')) if args.test else None
    record = describe_training(args.work, args.command, test)
    write_json(args.out, record, indent=1)
    print(args.out, record['300w val'], record.get('300w test', ''))


if __name__ == '__main__':
    main()
