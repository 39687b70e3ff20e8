"""Fit detectors' boxes to the models' (train), then measure them (val): `... haar lbp`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import cv2

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.detectors import BoxMapping, Detector, build_detector
from fanet_mmpose.inference.detectors.calibrate import (
    AnnotatedFace,
    annotated_faces,
    fit,
    study,
)
from projects.face_detector.search_options import OPTIONS


def build_parser() -> ArgumentParser:
    """Detectors and data."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('detectors', nargs='+', choices=tuple(OPTIONS))
    add('--data', nargs='+', default=['data/300w', 'data/ytf68'])
    add('--limit', type=int, default=0, help='faces per set, evenly chosen')
    add('--no-fit', action='store_true', help='leave train alone, only measure')
    add('--out', type=Path, help='JSON file to write')
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Print, and write if asked to."""
    args = build_parser().parse_args(argv)
    cv2.setNumThreads(1)
    found = {}
    for name in args.detectors:
        fitted = {} if args.no_fit else {'fitted': asdict(fit_on(name, args.data, args.limit))}
        found[name] = {**fitted, **measure(name, args.data, args.limit)}
        for part, values in found[name].items():
            print(name, part, values)
    if args.out:
        write_json(args.out, {'data': args.data, 'limit': args.limit, **found}, indent=1)


def measure(name: str, roots: list[str], limit: int) -> dict[str, Any]:
    """A study of val of each set, with the detector's own mapping."""
    usual = build_detector(name, options=OPTIONS[name].usual)
    loose = build_detector(name, options=OPTIONS[name].loose)
    results = {}
    for root in roots:
        split = list(annotated_faces(root, 'val', limit))
        seen = asdict(study(usual, split))
        seen['recalls'] = asdict(study(loose, split))['recalls']
        results[root] = {key: value for key, value in seen.items() if key != 'mapping'}
    return results


def fit_on(name: str, roots: list[str], limit: int) -> BoxMapping:
    """From the detector's boxes to tight ones: medians over train of all sets."""
    detector: Detector = build_detector(name, options=OPTIONS[name].usual)
    detector.mapping = BoxMapping()

    def faces() -> Iterator[AnnotatedFace]:
        return chain(*(annotated_faces(root, 'train', limit) for root in roots))

    return fit(detector, faces())


if __name__ == '__main__':
    main()
