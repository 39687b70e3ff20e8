"""CPU time from picture to points, default path, beside MediaPipe's FaceMesh with its detector.

Both run in this process on one core, in turns. MediaPipe needs an environment of its own:
`pip install mediapipe==0.10.21 onnxruntime pyyaml`. Without it ours alone is timed.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.evaluation.face_mesh import FaceMesh
from fanet_mmpose.evaluation.robustness.backgrounds import skimage_pictures
from fanet_mmpose.files import write_json
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.landmarker import DEFAULT_DETECTOR, FaceLandmarker
from projects.speed.picture_speed import at_most, frame_times, least_times, picture_tasks, summary


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('folders', nargs='*', type=Path, help='pictures of faces, evenly chosen from each folder')
    add('--model', default='fanet_lite_300w')
    add('--backend', default='auto')
    add('--detector', default=DEFAULT_DETECTOR)
    add('--limit', type=int, default=20, help='pictures of each folder; %(default)s')
    add('--repeats', type=int, default=3)
    add('--empty', action='store_true', help="scikit-image's pictures without a face, too")
    add('--out', type=Path, help='JSON file')
    return parser.parse_args(argv)


def peer(static: bool) -> FaceMesh | None:
    """MediaPipe, where it is installed; see `FaceMesh`."""
    try:
        return FaceMesh(static=static)
    except UserError as error:
        print(f'ours alone: {error}', file=sys.stderr)
        return None


def chosen(folder: Path, limit: int) -> list[Path]:
    """Pictures of a folder, evenly chosen, sorted."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in {'.jpg', '.png'})
    if not paths:
        raise UserError(f'{folder}: there is no .jpg or .png picture in it')
    return paths[:: max(1, len(paths) // limit)][:limit]


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Time, print, write."""
    args = parse_args(argv)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, whatever a library starts
    landmarker = FaceLandmarker(args.model, args.detector, backend=args.backend)
    searching, following = peer(static=True), peer(static=False)
    sets = {
        str(folder): [at_most(load_image(path)) for path in chosen(folder, args.limit)]
        for folder in args.folders
    }
    if args.empty:
        sets['empty'] = [at_most(picture) for picture in skimage_pictures()]
    command = shlex.join(['benchmark_pictures.py', *(sys.argv[1:] if argv is None else argv)])
    report = {'command': command, 'pictures': {}, 'frames': {}}
    for name, images in sets.items():
        times = least_times(picture_tasks(landmarker, searching), images, args.repeats)
        report['pictures'][name] = {'count': len(images), **summary(times)}
        print(name, report['pictures'][name])
        if name != 'empty':
            frames = frame_times(landmarker, following, images)
            report['frames'][name] = {'clips': len(images), **summary(frames)}
            print(name, 'frames', report['frames'][name])
    if args.out:
        write_json(args.out, report, indent=1)


if __name__ == '__main__':
    main()
