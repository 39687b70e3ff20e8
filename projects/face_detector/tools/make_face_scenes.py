"""Scenes for training a face detector, from pictures of single faces: `... --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from fanet_mmpose.errors import UserError, friendly_exit
from projects.face_detector.scenes.collect import FaceSets, collect_faces
from projects.face_detector.scenes.wider_face import SPLITS, check_settings, write_split


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add(
        '--faces', nargs='*', type=Path, metavar='FOLDER',
        default=[Path('data/300w'), Path('data/ytf68'), Path('data/mtfl')],
        help='data sets with annotations/{train,val}.json of 68 or 5 points; none: drawn faces',
    )  # fmt: skip
    add('--weights', nargs='*', type=float, help='share of each (default: equal)')
    add('--drawn', type=float, default=0.1, help='share of drawn faces (default %(default)s)')
    add('--out', type=Path, default=Path('data/face_scenes'), help='default: %(default)s')
    add('--train', type=int, default=8000, help='scenes (default %(default)s)')
    add('--val', type=int, default=400, help='scenes (default %(default)s)')
    add('--size', type=int, default=320, help='width and height, px (default %(default)s)')
    add('--seed', type=int, default=0)
    add(
        '--landmarks', default='fanet_lite_300w',
        help='shipped model that gives sets of 5 points their 68 (default %(default)s)',
    )  # fmt: skip
    return parser.parse_args(argv)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Collect faces and write scenes."""
    args = parse_args(argv)
    counts = {'train': args.train, 'val': args.val}
    if min(counts.values()) < 0 or args.seed < 0 or not 64 <= args.size <= 2048:
        raise UserError('counts and seed must not be negative, and --size must be 64 to 2048 px')
    cv2.setNumThreads(1)
    sets = FaceSets(args.faces, args.weights or (), args.drawn, args.seed, args.landmarks)
    settings = {**vars(sets), 'folders': [str(folder) for folder in sets.folders]}
    check_settings(args.out, {**settings, 'weights': list(sets.weights), 'size': args.size})
    for split in (name for name in SPLITS if counts[name]):
        faces = collect_faces(sets, split, args.out)
        made = write_split(args.out, split, faces, counts[split], args.seed, args.size)
        print(f'{args.out}/{split}.txt: {counts[split]} scenes, {made} of them new')


if __name__ == '__main__':
    main()
