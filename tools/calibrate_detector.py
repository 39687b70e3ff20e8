"""Fit a cascade's boxes to the models' (train), then measure it: `... {haar,lbp}`."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from itertools import chain

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.pipeline.detectors import BoxMapping, build_detector
from fanet_mmpose.pipeline.detectors.calibrate import annotated_faces, study


def build_parser() -> ArgumentParser:
    """Detector and data."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('detector', choices=('haar', 'lbp'))
    parser.add_argument('--data', nargs='+', default=['data/300w', 'data/ytf68'])
    parser.add_argument('--limit', type=int, default=0, help='faces per set, evenly chosen')
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    detector = build_detector(arguments.detector)

    def faces(split: str) -> chain:
        return chain(*(annotated_faces(root, split, arguments.limit) for root in arguments.data))

    detector.mapping = BoxMapping()
    fitted = study(detector, faces('train'), hit=0.2)
    detector.mapping = fitted.mapping
    print('train:', asdict(fitted))
    print('val:', asdict(study(detector, faces('val'))))


if __name__ == '__main__':
    main()
