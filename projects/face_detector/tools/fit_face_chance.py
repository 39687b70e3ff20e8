"""Fit the chance of a face for a landmark model, and write it into its ONNX files.

`... fanet_lite_300w --data data` after new weights; an own model: `... my.onnx --data data`.
`... fanet_lite_free --drawn` fits to drawn faces and pictures of things alone, and needs no data.
The manifest of published files is renewed. Takes about two minutes of one core.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from fanet_mmpose import weights
from fanet_mmpose.deploy.model_info import FaceFit
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.inference.face_chance import MIN_FACE, SHIPPED
from fanet_mmpose.inference.landmarker import DEFAULT_DETECTOR, FaceLandmarker
from fanet_mmpose.weights.manifest import refresh_manifest
from projects.face_detector.face_chance.drawn import drawn_groups
from projects.face_detector.face_chance.features import Seen, look_at_group
from projects.face_detector.face_chance.fit import fit_faces, losses
from projects.face_detector.face_chance.pictures import HELD_OUT, Group, empty_groups, face_groups
from projects.face_detector.face_chance.stamp_fit import stamp_face_fit

RESULTS = Path(__file__).parents[1] / 'results' / 'face_chance'


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('model', help='name of shipped weights, or an .onnx file')
    add('--data', type=Path, default=Path('data'), help='folder of 300w, ytf68 and wild')
    add('--parts', type=Path, default=RESULTS / 'empty_parts.json')
    add('--drawn', action='store_true', help='no photograph of a person')
    add('--measure', action='store_true', help='measure the fit that the model has, held out')
    add('--rate', type=float, default=0.03, help='false faces a picture, fitted; %(default)s')
    add('--seed', type=int, default=0)
    add('--every', type=int, default=1, help='of the faces, only every so many')
    add('--processes', type=int, default=2)
    add('--dry-run', action='store_true', help='write the results, not the model')
    add('--out', type=Path, help='JSON of results; results/face_chance/MODEL.json')
    return parser.parse_args(argv)


def model_files(model: str) -> list[Path]:
    """The ONNX files of a model in all precisions."""
    if model.endswith('.onnx'):
        return [Path(model)]
    published = weights.files(model).values()
    return [weights.FOLDER / file.path for file in published if file.name.endswith('.onnx')]


def write_fit(model: str, fit: FaceFit) -> None:
    """Into each file; the manifest follows where they are published ones."""
    for path in model_files(model):
        stamp_face_fit(path, fit)
    if not model.endswith('.onnx'):
        refresh_manifest(weights.FOLDER)


def groups(args: argparse.Namespace) -> list[Group]:
    """All pictures, those that take longest first; with --measure those that are held out."""
    if args.drawn:
        found = drawn_groups(args.every)
    else:
        empty = empty_groups(args.data, args.parts)
        found = [*empty, *face_groups(args.data, args.seed, args.every)]
    return [group for group in found if not args.measure or group.split == HELD_OUT]


def look_at_one(args: argparse.Namespace, index: int) -> Seen:
    """One group, in a process of its own."""
    group = groups(args)[index]
    seen = look_at_group(FaceLandmarker(args.model, DEFAULT_DETECTOR), group)
    print(f'{group.split}: {group.name}', file=sys.stderr, flush=True)
    return seen


def look_at_all(args: argparse.Namespace) -> list[Seen]:
    """Every group, in `--processes`."""
    places = range(len(groups(args)))
    with ProcessPoolExecutor(args.processes) as pool:
        return list(pool.map(partial(look_at_one, args), places))


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Look, fit, judge, write."""
    args = parse_args(argv)
    seen = look_at_all(args)
    own = OnnxModel(model_file(args.model), threads=1).info.face_fit or SHIPPED
    fit = own if args.measure else fit_faces(seen, args.rate)
    report = {
        'command': shlex.join(['fit_face_chance.py', *(sys.argv[1:] if argv is None else argv)]),
        'seed': args.seed, 'every': args.every, 'detector': DEFAULT_DETECTOR,
        'min_face': MIN_FACE, 'rate': args.rate, 'fit': fit._asdict(),
        'rows': [losses(group, fit) for group in seen],
        'rows_without_fit': [losses(group, None) for group in seen],
    }  # fmt: skip
    write_json(args.out or RESULTS / f'{Path(args.model).stem}.json', report, indent=1)
    for row in report['rows']:
        print(row)
    print(fit)
    if not (args.dry_run or args.measure):
        write_fit(args.model, fit)


if __name__ == '__main__':
    main()
