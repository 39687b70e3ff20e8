"""Throughput, CPU time and memory of `fanet annotate`, with numbers of processes in alternation.

python projects/speed/tools/measure_annotate.py SOURCE --workers 1 2 --repeats 3 --out speed.json
python projects/speed/tools/measure_annotate.py SOURCE --workers 1 --seconds 900 --out memory.json
"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import asdict
from pathlib import Path
from statistics import median

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.annotate_speed import AnnotateRun, drift, run_annotate

LONG = 5000  # inputs of a run from which on a drift means something


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('sources', nargs='+')
    parser.add_argument('--workers', type=int, nargs='+', default=[1], help='of the runs, in turns')
    parser.add_argument('--repeats', type=int, default=1)
    parser.add_argument('--options', default='', help='further options of the command, quoted')
    parser.add_argument('--seconds', type=float, default=float('inf'), help='at most, of a run')
    parser.add_argument('--interval', type=float, default=1.0, help='seconds between two samples')
    parser.add_argument('--out', type=Path, help='JSON file for the runs')
    return parser.parse_args(argv)


def summarize(runs: list[AnnotateRun]) -> list[dict[str, float]]:
    """A row for each number of processes: medians over its runs."""
    rows = []
    for workers in dict.fromkeys(run.workers for run in runs):
        same = [run for run in runs if run.workers == workers]
        rows.append(
            dict(
                workers=workers,
                runs=len(same),
                inputs_per_second=median(run.inputs_per_second for run in same),
                cpu_per_input=median(run.cpu_per_input for run in same),
                rows_twice=sum(run.twice for run in same),
                inputs_lost=sum(run.lost for run in same),
                cores_of_others=median(run.others for run in same),
                worker_mb=max((size for run in same for *_, size in run.samples), default=0.0),
            )
        )
    return rows


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, print, write."""
    args = parse_args(argv)
    arguments = [*args.sources, *shlex.split(args.options)]
    runs = [
        run_annotate(arguments, workers, args.interval, args.seconds)
        for _ in range(args.repeats)
        for workers in args.workers
    ]
    rows = summarize(runs)
    for row in rows:
        row['times_the_first'] = row['inputs_per_second'] / rows[0]['inputs_per_second']
    for row in rows:
        print(', '.join(f'{name} {value:.4g}' for name, value in row.items()))
    drifts = [drift(run) for run in runs if run.inputs >= LONG]
    for value in drifts:
        print(f'memory of a worker: {value:+.1f} MB in 100,000 inputs')
    if args.out:
        log = dict(sources=args.sources, options=args.options, rows=rows, mb_in_100000=drifts)
        write_json(args.out, {**log, 'runs': [asdict(run) for run in runs]}, indent=None)


if __name__ == '__main__':
    main()
