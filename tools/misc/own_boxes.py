"""Box unlabelled pictures without a label: `python tools/misc/own_boxes.py data/300w/train ...`.

First by a detector that drawn faces calibrate, then, given a model, by its own points.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.native_libraries import limit_threads

limit_threads()

from fanet_mmpose.errors import friendly_exit  # noqa: E402
from fanet_mmpose.files import write_json  # noqa: E402
from fanet_mmpose.images import find_images  # noqa: E402


def parse_args(argv: list[str] | None = None) -> Namespace:
    """Command-line arguments."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('pictures', type=Path, help='folder; one face a picture is taken')
    add('--root', type=Path, required=True, help='folder that file names in OUT start from')
    add('--out', type=Path, required=True, help='COCO-style file without points')
    add('--detector', default='haar', help='default: %(default)s')
    add('--drawn', type=Path, default=Path('data/synthetic'), help='faces that calibrate it')
    add('--boxes', type=Path, help='an earlier OUT, instead of a detector')
    add('--model', nargs=2, metavar=('CONFIG', 'CHECKPOINT'), help='whose points box the face')
    add('--passes', type=int, default=2, help='of the model (default %(default)s)')
    add('--least', type=float, default=0.3, help='mean score of a face that is kept')
    return parser.parse_args(argv)


def detect(args: Namespace) -> Path:
    """Write a detector's boxes; the file."""
    from fanet_mmpose.semi.own_boxes import calibrated_detector, largest_faces, to_coco

    paths, _ = find_images([args.pictures])
    detector = calibrated_detector(args.detector, args.drawn)
    faces = list(largest_faces(paths, args.root, detector))
    write_json(args.out, to_coco(faces))
    print(f'{args.out}: {len(faces)} of {len(paths)} pictures, mapped by {detector.mapping}')
    return args.out


def refine(args: Namespace, boxes: Path) -> None:
    """Write boxes round a model's points."""
    from fanet_mmpose.engine.configs import load_config
    from fanet_mmpose.semi.own_boxes import load_estimator, refine_boxes, to_coco

    cfg = load_config(args.model[0])
    model = load_estimator(cfg, Path(args.model[1]))
    for _ in range(args.passes):
        faces = refine_boxes(model, cfg.val_pipeline, boxes, args.root, args.least)
        write_json(args.out, to_coco(faces))
        boxes = args.out
    print(f'{args.out}: {len(faces)} faces')


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Detect, refine, write."""
    args = parse_args(argv)
    boxes = args.boxes or detect(args)
    if args.model:
        refine(args, boxes)


if __name__ == '__main__':
    main()
