"""Filters and trackers on real faces under a moving camera: flicker, lag, NME, time."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json, write_text
from fanet_mmpose.inference.filters import build_filter
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.marked_text import replace_between
from projects.video_study.moving_camera import CameraOptions
from projects.video_study.video_study import (
    Recording,
    chosen_faces,
    equal_scales,
    film,
    quality,
    record,
    smooth,
)

FILTERS = (
    ('none', 0),
    ('one_euro', 0),
    ('kalman', 0),
    ('uncertainty', 0),
    ('kalman', 2),
    ('uncertainty', 2),
    ('kalman', 5),
    ('uncertainty', 5),
)


def build_parser() -> ArgumentParser:
    """Data, model and what to run."""
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--data', default='data/300w')
    add('--split', default='val')
    add('--faces', type=int, default=4)
    add('--part', type=int, choices=(0, 1), default=1, help='0: the faces the filters were set on')
    add('--seed', type=int, default=1, help='of the camera and the noise')
    add('--frames', type=int, default=90)
    add('--model', default='fanet_lite_300w')
    add('--detector', default='fanet_face')
    add('--trackers', nargs='+', default=['landmarks', 'kcf', 'bytetrack', 'sort'])
    add('--out', type=Path, help='JSON file to write')
    add('--page', type=Path, help='measure nothing: put the tables of --results into this document')
    add('--results', type=Path, default=Path('projects/video_study/results/study.json'))
    return parser


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Print, and write if asked to."""
    args = build_parser().parse_args(argv)
    if args.page:
        write_page(args.page, args.results)
        return
    cv2.setNumThreads(1)
    path = weights.find(args.model, '.onnx')
    model = OnnxModel(path, threads=1)
    landmarker = FaceLandmarker(model, args.detector)
    camera = CameraOptions(frames=args.frames)
    recordings: dict[str, list[Recording]] = {name: [] for name in args.trackers}
    for frames in film(
        chosen_faces(args.data, args.split, args.faces, args.part), camera, args.seed
    ):
        for name, own in recordings.items():
            own.append(record(landmarker, frames, name))
    filters = list(filter_rows(recordings[args.trackers[0]]))
    trackers = [tracker_row(name, own) for name, own in recordings.items()]
    print(as_table(filters), as_table(trackers), sep='\n\n')
    if args.out:
        settings = {
            key: value for key, value in vars(args).items() if key not in ('out', 'page', 'results')
        }
        settings['model_sha256'] = sha256(Path(path).read_bytes()).hexdigest()
        found = {'filters': filters, 'trackers': trackers}
        write_json(args.out, {**settings, 'camera': asdict(camera), **found}, indent=1)


def filter_rows(recordings: Sequence[Recording]) -> Iterator[dict[str, Any]]:
    """A row for each filter, and one for the uncertainty filter that is told nothing."""
    for name, lag in FILTERS:
        found = [smooth(one, build_filter(name, lag), lag) for one in recordings]
        yield {'filter': name, 'latency': lag, **rounded(asdict(quality(found, recordings)))}
    equal = [smooth(equal_scales(one), build_filter('uncertainty')) for one in recordings]
    row = rounded(asdict(quality(equal, recordings)))
    yield {'filter': 'uncertainty, equal scales', 'latency': 0, **row}


def tracker_row(name: str, recordings: Sequence[Recording]) -> dict[str, Any]:
    """One tracker, unfiltered; the first 5 frames of each sequence warm up."""
    spent = np.concatenate([one.milliseconds[5:] for one in recordings])
    total = sum(one.frames for one in recordings)
    found = quality([smooth(one, None) for one in recordings], recordings)
    return {
        'tracker': name,
        'ms_median': round(float(np.median(spent)), 1),
        'ms_mean': round(float(spent.mean()), 1),
        'detections_per_frame': round(sum(one.detections for one in recordings) / total, 3),
        'found': round(sum(len(one.faces) for one in recordings) / total, 3),
        'numbers_per_face': round(sum(one.numbers for one in recordings) / len(recordings), 2),
        **rounded(asdict(found)),
    }


def rounded(values: dict[str, float]) -> dict[str, float]:
    """To three digits behind the point."""
    return {key: round(value, 3) for key, value in values.items()}


def as_table(rows: Sequence[dict[str, Any]]) -> str:
    """As Markdown."""
    lines = [list(rows[0]), ['---'] * len(rows[0]), *(row.values() for row in rows)]
    return '\n'.join('| ' + ' | '.join(map(str, line)) + ' |' for line in lines)


def write_page(page: Path, results: Path) -> None:
    """Filters and trackers as they were measured, between the markers of the page."""
    content = json.loads(results.read_text(encoding='utf-8'))
    tables = [as_table(content[name]) for name in ('filters', 'trackers')]
    text = page.read_text(encoding='utf-8')
    write_text(page, replace_between(text, '\n\n'.join(tables), str(page)))


if __name__ == '__main__':
    main()
