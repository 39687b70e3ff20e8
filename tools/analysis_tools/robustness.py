"""How a model fares as pictures get worse: missed faces and errors, as JSON and one page of curves.

`... fanet_lite_300w data/300w/annotations/val.json -o work_dirs/robustness`

Peers stay as they are: measure them once (`... mediapipe dlib …`) and draw them again from their
report (`--beside robustness.json`). docs/robustness.md shows both.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.robustness.backgrounds import parts_of_scenes, skimage_pictures
from fanet_mmpose.evaluation.robustness.faces import annotated, by_head_pose, chosen, drawn_turns
from fanet_mmpose.evaluation.robustness.page import draw_page
from fanet_mmpose.evaluation.robustness.study import earlier_studies, study
from fanet_mmpose.evaluation.robustness.subjects import PEERS, Pipeline, Subject
from fanet_mmpose.files import make_folder, write_json
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors import build_detector
from fanet_mmpose.inference.landmarker import DEFAULT_DETECTOR, FaceLandmarker

SETTINGS = ('faces', 'limit', 'head_pose', 'scenes', 'seed')  # on which curves depend


def build_parser() -> ArgumentParser:
    """Models and faces in, a folder out."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add(
        'models',
        nargs='+',
        help='names of shipped weights, .onnx files of 68 points, or peers: ' + ', '.join(PEERS),
    )
    add('faces', type=Path, help='COCO-style file of faces with 68 points')
    add('--detector', default=DEFAULT_DETECTOR)
    add('--backend', default='auto')
    add('--limit', type=int, default=20, help='faces a strength; %(default)s')
    add('--head-pose', type=Path, help="LFW's file with the turn of each head")
    add('--scenes', type=Path, help='COCO-style file of scenes, for parts without a face')
    add('--beside', nargs='*', type=Path, default=[], help='earlier reports, same faces and limit')
    add('--seed', type=int, default=0)
    add('-o', '--out', type=Path, default=Path('work_dirs/robustness'))
    return parser


def backgrounds(args: Namespace) -> list[np.ndarray]:
    """Pictures without a face."""
    pictures = skimage_pictures()
    if args.scenes:
        scenes = (
            (load_image(path), [np.array([x, y, x + w, y + h])])
            for path, annotation in chosen(args.scenes, 80)
            for x, y, w, h in [annotation['bbox']]
        )
        suspects = [build_detector('fanet_face_all'), build_detector('blazeface_all')]
        pictures += parts_of_scenes(scenes, suspects, args.seed)
    return pictures


def subject(name: str, args: Namespace) -> Subject:
    """A peer, or a model behind the detector."""
    if name in PEERS:
        return PEERS[name]()
    return Pipeline(FaceLandmarker(name, args.detector, backend=args.backend))


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, write, draw."""
    args = build_parser().parse_args(argv)
    make_folder(args.out)
    start = time.monotonic()
    how = {name: str(getattr(args, name)) for name in SETTINGS}
    earlier = [one for path in args.beside for one in earlier_studies(path, how)]
    subjects = [subject(name, args) for name in args.models]
    faces, turns = annotated(args.faces, args.limit), dict(drawn_turns(args.limit, args.seed))
    if args.head_pose:
        turns['LFW head pose'] = by_head_pose(args.head_pose, args.limit)
    empty = backgrounds(args)

    def tell(name: str) -> None:
        print(f'{time.monotonic() - start:5.0f} s  {name}', file=sys.stderr)

    studies = [study(one, faces, turns, empty, args.seed, tell) for one in subjects]
    studies += earlier
    report = {'how': how, 'backgrounds': len(empty), 'studies': studies}
    write_json(args.out / 'robustness.json', report, indent=1)
    draw_page(studies, args.out / 'robustness.png')
    for one in studies:
        rotation = one['curves']['rotation']
        missed = 100 * np.mean([row['missed'] for row in rotation])
        print(
            f'{one["name"]}: missed {missed:.1f} % over all angles, {one["false_faces"]:.3f} false'
        )
    print(f'{args.out}: robustness.json, robustness.png')


if __name__ == '__main__':
    main()
