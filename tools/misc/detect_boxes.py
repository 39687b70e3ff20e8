"""Put a detector's boxes into annotations.

`python tools/misc/detect_boxes.py val.json OUT.json`
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.detector_boxes import FIELD, add_detector_boxes
from fanet_mmpose.inference.detectors import build_detector, known_detectors


@friendly_exit
def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('annotations', type=Path, help='COCO-style file')
    parser.add_argument('out', type=Path, help='the same with boxes')
    parser.add_argument('--image-root', type=Path, required=True, help='where file names start')
    parser.add_argument('--detector', default='haar', help=', '.join(known_detectors()))
    parser.add_argument('--field', default=FIELD, help='annotation field for the box')
    arguments = parser.parse_args()
    detector = build_detector(arguments.detector)
    count = add_detector_boxes(
        arguments.annotations,
        arguments.image_root,
        arguments.out,
        lambda image, name: detector(image, name).boxes,
        arguments.field,
    )
    print(
        f'{arguments.out}: {count.found} of {count.faces} faces found, '
        f'mean overlap with the box of their points {count.mean_overlap:.2f}'
    )


if __name__ == '__main__':
    main()
