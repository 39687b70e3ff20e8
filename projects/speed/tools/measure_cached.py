"""Cached faces beside MMPose's loading and kept crops: faces per second of CPU time, in turns."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from mmengine.config import Config

import fanet_mmpose.plugin  # noqa: F401  for the processes that are started, too
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from projects.speed.cached_speed import loading_per_second, measure_ways
from projects.speed.training_speed import faces_per_second


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--faces', type=int, default=320, help='of an epoch, from data/300w')
    parser.add_argument('--rounds', type=int, default=3, help='of all ways in turns')
    parser.add_argument('--train', action='store_true', help='train on the batches, too')
    parser.add_argument('--out', type=Path, help='JSON file for the rows')
    return parser.parse_args(argv)


def in_own_process(measure: Callable[[Config, int], float], config: Config, faces: int) -> float:
    """`measure(config, faces)` in a new process: what one way sets there must not help the next."""
    with ProcessPoolExecutor(1, get_context('spawn')) as pool:
        return pool.submit(measure, config, faces).result()


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, print, write."""
    args = parse_args(argv)
    measure = faces_per_second if args.train else loading_per_second
    speeds = measure_ways(partial(in_own_process, measure), args.faces, args.rounds)
    for speed in speeds:
        print(
            f'{speed.name:13s} {speed.faces_per_second:7.1f} faces/s  x{median(speed.ratios):.2f}'
        )
    if args.out:
        rows = [asdict(speed) for speed in speeds]
        content = dict(command=sys.argv[1:], faces=args.faces, rounds=args.rounds, rows=rows)
        write_json(args.out, content, indent=1)


if __name__ == '__main__':
    main()
