"""Learn the HOG detector's plane from annotated faces.

`python projects/face_detector/tools/train_hog_detector.py`
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import replacing
from fanet_mmpose.inference.detectors.calibrate import annotated_faces
from projects.face_detector.hog_training import HogTraining, fit_chance, train_plane
from projects.face_detector.metafile import DetectorCard, write_metafile
from projects.face_detector.scenes.backgrounds import photographs

HELD_BACK = 6  # every sixth face is not learnt from: it says what a distance means


def build_parser() -> ArgumentParser:
    """Data and options."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add(
        '-o',
        '--out',
        type=Path,
        default=Path('work_dirs/hog.npz'),
        help='file to write, and a metafile',
    )
    add('--data', nargs='+', default=['data/300w', 'data/ytf68'])
    add('--limit', type=int, default=300, help='train faces per set, evenly chosen')
    add('--seed', type=int, default=0)
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Train and write."""
    args = build_parser().parse_args(argv)
    cv2.setNumThreads(1)
    faces = [face for root in args.data for face in annotated_faces(root, 'train', args.limit)]
    with Console().status(f'{len(faces)} faces'):
        learnt = [face for number, face in enumerate(faces) if number % HELD_BACK]
        things = [part for thing in photographs() for part in (thing, thing[::-1])]
        model = train_plane(learnt, things, HogTraining(seed=args.seed))
        model = fit_chance(model, faces[::HELD_BACK])
    with replacing(args.out) as path, path.open('wb') as stream:
        np.savez(stream, plane=model.plane, slope=model.slope, offset=model.offset)
    sets = ' and '.join(Path(root).name for root in args.data)
    seen = f'{len(faces)} faces of {sets} train and scikit-image photographs, seed {args.seed}'
    parts = ('HOG', 'linear SVM')
    tool = 'projects/face_detector/tools/train_hog_detector.py'
    write_metafile(args.out, DetectorCard(tool, seen, {}, 'HOG', parts))
    print(f'{args.out}: chance = sigmoid({model.slope:.3f} · distance + {model.offset:.3f})')


if __name__ == '__main__':
    main()
