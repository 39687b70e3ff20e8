"""The picture of docs/applications.md: each application on the photograph or on a drawn face.

`python projects/applications/tools/draw_pictures.py [--out docs/applications.jpg]`

Eileen Collins (NASA, public domain) is cut out of demo/astronaut.jpg and enlarged.
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.applications.blinks import find_blinks
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_bytes
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.head_state import HeadState
from fanet_mmpose.synthetic.renderer import SyntheticFace, render_face
from fanet_mmpose.synthetic.variety import Variety

REPO = Path(__file__).parents[3]
CUT, SIDE = (150, 40, 300, 190), 330  # px of the photograph; side of a panel
SEED, RATE, SECONDS = 7, 12, 2.0  # of the drawn face; frames a second
TEXT = (40, 40, 40)
NOTHING_IN_FRONT = Variety(glasses=0, mask=0, occluder=0)


def photograph() -> np.ndarray:
    """The face, enlarged to a panel."""
    left, top, right, bottom = CUT
    image = cv2.imread(str(REPO / 'demo' / 'astronaut.jpg'))[top:bottom, left:right]
    return cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def drawn(lids: tuple[float, float], jaw: float = 0.0) -> SyntheticFace:
    """A face that looks ahead with lids (the person's right and left one) and jaw as asked."""

    def change(state: HeadState) -> HeadState:
        right, left = lids
        modes = dict(blink_right=right, blink_left=left, jaw_open=jaw, close_lips=float(jaw == 0))
        return replace(state.with_modes(**modes), angles=np.zeros(3))

    return render_face((SEED,), SIDE, NOTHING_IN_FRONT, change)


def cover(image: np.ndarray) -> np.ndarray:
    """A grey board over the mouth."""
    image = image.copy()
    height, width = image.shape[:2]
    box = ((0.52 * width, 0.72 * height), (0.42 * width, 0.24 * height), 8.0)
    cv2.fillConvexPoly(image, np.rint(cv2.boxPoints(box)).astype(np.int32), (150, 150, 150))
    return image


def openness(find: FaceLandmarker) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and mean openness of the eyes of a drawn face that blinks in the middle."""
    times = np.arange(int(SECONDS * RATE)) / RATE
    values = []
    for time in times:
        shut = float(np.clip(1 - abs(time - SECONDS / 2) / 0.2, 0, 1))
        face = drawn((shut, shut))
        points = face.points.to_schema('300w68')[0]
        values.append(find.find([face.image], [[tight_box(points)]])[0][0].eyes.mean.value)
    return times, np.array(values)


def curve(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A panel with the openness over time and the blinks that were found, grey."""
    panel = np.full((SIDE, SIDE, 3), 255, np.uint8)

    def place(time: np.ndarray, value: np.ndarray) -> np.ndarray:
        x, y = 20 + (SIDE - 40) * time / SECONDS, SIDE - 20 - (SIDE - 60) * value / 1.4
        return np.stack([x, y], -1).round().astype(np.int32)

    for blink in find_blinks(times, values):
        (x1, y1), (x2, y2) = place(np.array([blink.start, blink.end]), np.array([1.4, 0.0]))
        cv2.rectangle(panel, (int(x1), int(y1)), (int(x2), int(y2)), (220, 220, 220), -1)
    axis = place(np.array([0.0, SECONDS]), np.zeros(2))
    cv2.line(panel, axis[0].tolist(), axis[1].tolist(), TEXT, 1, cv2.LINE_AA)
    cv2.polylines(panel, [place(times, values)], False, (255, 80, 0), 2, cv2.LINE_AA)
    return panel


def named(panel: np.ndarray, name: str) -> np.ndarray:
    """The panel in its size, with a caption above it."""
    panel = cv2.resize(panel, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    top = np.full((28, SIDE, 3), 255, np.uint8)
    cv2.putText(top, name, (6, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, TEXT, 1, cv2.LINE_AA)
    return cv2.copyMakeBorder(np.concatenate([top, panel]), 0, 6, 3, 3, cv2.BORDER_CONSTANT,
                              value=(255, 255, 255))  # fmt: skip


def panels(find: FaceLandmarker) -> list[np.ndarray]:
    """One for each application."""
    image = photograph()
    (face,) = find(image)
    hidden = cover(image)
    wink = drawn((1.0, 0.0), jaw=0.6)
    box = tight_box(wink.points.to_schema('300w68')[0])
    found = find.find([wink.image], [[box]])[0][0].with_applications(['eyes', 'mouth'])
    behind = find.find([hidden], [[tight_box(face.points)]])[0][0]
    return [
        named(face.with_applications(['pose']).draw(image), 'face.pose()'),
        named(face.align(SIDE).crop(image), 'face.align(330).crop(image)'),
        named(found.draw(wink.image), 'face.eyes, face.mouth: a drawn wink'),
        named(curve(*openness(find)), 'find_blinks: two drawn seconds'),
        named(face.regions(0.9).draw(image), 'face.regions(0.9)'),
        named(behind.draw(hidden), 'face.visibility: rings are hidden'),
    ]


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Two rows of three panels."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=REPO / 'docs' / 'applications.jpg')
    args = parser.parse_args(argv)
    shown = panels(FaceLandmarker('fanet_lite_300w'))
    rows = [np.concatenate(shown[start : start + 3], 1) for start in (0, 3)]
    _, encoded = cv2.imencode('.jpg', np.concatenate(rows), [cv2.IMWRITE_JPEG_QUALITY, 88])
    write_bytes(args.out, encoded.tobytes())
    print(args.out)


if __name__ == '__main__':
    main()
