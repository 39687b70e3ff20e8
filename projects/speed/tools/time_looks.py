"""CPU time of one look of BlazeFace's networks in folders of exports, in turns on one core.

`... OLD NEW` compares two exports: `export_blazeface.py -o NEW` writes one.
"""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.detectors.blaze_network import BlazeNetwork
from projects.speed.turns import cpu_times

LOOKS = (('short', 128, 128), ('full', 192, 192), ('full', 352, 480))  # kind, height, width
LEAST = 0.15  # score of an anchor that is decoded


def build_parser() -> argparse.ArgumentParser:
    """Folders, rounds, a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folders', nargs='+', type=Path, help='with blazeface_{short,full}.onnx')
    parser.add_argument('--rounds', type=int, default=40)
    parser.add_argument('--out', type=Path, help='JSON file')
    return parser


def look_times(folders: list[Path], kind: str, picture: np.ndarray, rounds: int) -> list[float]:
    """Lower quintile of the CPU time of a look, ms, for each folder."""
    networks = [BlazeNetwork(kind, path=folder / f'blazeface_{kind}.onnx') for folder in folders]
    times = cpu_times([partial(network, picture, LEAST) for network in networks], rounds)
    return [round(float(np.percentile(own, 20)), 3) for own in times]


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Time, print, write."""
    args = build_parser().parse_args(argv)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rng, report = np.random.default_rng(0), {}
    for kind, height, width in LOOKS:
        picture = rng.integers(0, 256, (1, height, width, 3), np.uint8)
        times = look_times(args.folders, kind, picture, args.rounds)
        ratios = [round(one / times[0], 3) for one in times]
        report[f'{kind} {width}x{height}'] = {'ms': times, 'of_the_first': ratios}
        print(f'{kind} {width}x{height}: {times} ms, {ratios}')
    if args.out:
        folders = [folder.name for folder in args.folders]
        note = 'CPU time on a busy machine, in turns: the ratios count'
        write_json(args.out, {'folders': folders, 'note': note, 'looks': report}, indent=1)


if __name__ == '__main__':
    main()
