"""Peak memory of `fanet video` over many small frames: it must not grow with the video."""

from __future__ import annotations

import json
import os
import resource
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
from skimage import data

from fanet_mmpose import weights
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.tracker import FaceTracker, TrackerOptions
from fanet_mmpose.inference.video import annotate_video
from fanet_mmpose.inference.video_source import Frame, VideoSource

MEBIBYTE = 2**20


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Write a clip, annotate it, and print resident memory along the way."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--frames', type=int, default=10_000)
    parser.add_argument('--side', type=int, default=96, help='of the square frames, px')
    parser.add_argument('--lag', type=int, default=5)
    parser.add_argument('--out', type=Path, help='JSON file to write')
    args = parser.parse_args(argv)
    cv2.setNumThreads(1)
    model = OnnxModel(weights.find('fanet_lite_300w', '.onnx'), threads=1)
    tracker = FaceTracker(FaceLandmarker(model), TrackerOptions(lag=args.lag))
    resident: dict[int, float] = {}
    with TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / 'clip.avi', args.frames, args.side)

        def watch(frames: Iterable[Frame]) -> Iterator[Frame]:
            for frame in frames:
                if frame.number % max(1, args.frames // 10) == 0:
                    resident[frame.number] = round(resident_mebibytes(), 1)
                yield frame

        done = annotate_video(
            VideoSource(str(clip)), Path(folder) / 'out.avi', tracker, None, watch
        )
        found = sum(bool(json.loads(line)['faces']) for line in done.lines.open())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {**vars(args), 'out': None, 'frames_with_face': found, 'resident_mib': resident,
              'peak_mib': round(peak, 1)}  # fmt: skip
    print(result)
    if args.out:
        write_json(args.out, result, indent=1)


def write_clip(path: Path, frames: int, side: int) -> Path:
    """The public-domain face, swaying."""
    photo = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 25, (side, side))
    for index in range(frames):
        x = 150 + abs(index % 40 - 20)
        writer.write(cv2.resize(photo[60:220, x : x + 160], (side, side)))
    writer.release()
    return path


def resident_mebibytes() -> float:
    """Of this process; Linux."""
    pages = int(Path('/proc/self/statm').read_text().split()[1])
    return pages * os.sysconf('SC_PAGE_SIZE') / MEBIBYTE


if __name__ == '__main__':
    main()
