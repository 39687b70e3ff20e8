"""Train what is missing of the arena, score it, and write projects/arena/README.md.

Stop it whenever you like: it goes on where it was, and does nothing twice.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from rich.console import Console

from fanet_mmpose.errors import UserError, friendly_exit
from projects.arena.entry import BUDGETS, FACES, Entry, find_configs
from projects.arena.report import measure_latency, write_report
from projects.arena.train import Places, complete

PROJECT = Path(__file__).resolve().parents[1]
ROOT = PROJECT.parents[1]


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--budget', choices=BUDGETS, default='small')
    add('--faces', choices=FACES, default='300w', help='to train on')
    add('--only', nargs='+', default=[], metavar='NAME', help='these entries; default: all')
    add('--seeds', nargs='+', type=int, default=[0])
    add('--jobs', type=int, default=1, help='trainings at once, one thread each')
    add('--loaders', type=int, default=1, help='processes that load faces, for each training')
    add('--final', action='store_true', help='score the test set, too: once, at the end')
    add('--latency', action='store_true', help='time the networks, all in one run')
    add('--report', action='store_true', help='only write the report')
    add('--list', action='store_true', help='only name the entries')
    add('--results', type=Path, default=PROJECT / 'results')
    add('--work', type=Path, default=ROOT / 'work_dirs')
    return parser.parse_args(argv)


def attempt(entry: Entry, places: Places, splits: tuple[str, ...], console: Console) -> bool:
    """Complete an entry and say how it went; False if it failed."""
    console.print(f'{entry.key}: …')
    try:
        new = complete(entry, places, splits)
    except UserError as error:
        console.print(f'{entry.key}: failed: {error}', style='red')
        return False
    console.print(f'{entry.key}: {"done" if new else "was done"}')
    return True


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Train, score, report."""
    args = parse_args(argv)
    configs = find_configs(PROJECT / 'configs', args.only)
    entries = [
        Entry(config, args.budget, args.faces, seed)
        for seed, config in product(args.seeds, configs)
    ]
    if args.list:
        print('\n'.join(entry.key for entry in entries))
        return
    places = Places(ROOT, args.results, args.work, args.loaders)
    if args.latency:
        measure_latency([entry for entry in entries if entry.table == 'arena'], args.results)
    failed = 0
    if not (args.report or args.latency):
        splits = ('300w val', 'ytf68 val', *(['300w test'] if args.final else []))
        console = Console()
        with ThreadPoolExecutor(args.jobs) as pool:
            done = pool.map(lambda entry: attempt(entry, places, splits, console), entries)
            failed = [*done].count(False)
    write_report(args.results, PROJECT)
    if failed:
        raise UserError(f'{failed} of {len(entries)} entries failed: see above')


if __name__ == '__main__':
    main()
