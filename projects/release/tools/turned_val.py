"""Models on copies of 300W val that are turned far aside, with the true box, by yaw.

`python tools/dataset_converters/turn_faces.py --people data/300w --parts val --turns 1 --most 200
--seed 1 --out data/turned`, then
`python projects/release/tools/turned_val.py MODEL... --data data --out turned_val.json`

MODEL is a shipped name or an ONNX file of 68 points. The copies were turned with a machine's depth,
so they compare models of one convention; they are no photographs. Errors are of the 51 inner points
in % of the square root of the box's area: in profile the corners of the eyes meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import tight_box
from projects.release.tools.wild_val import AS_68, load, look, parse_args, read_set

BANDS = ((35, 50), (50, 70), (70, 85))  # degrees of yaw
SEEN = 2  # flag of a point that the head does not hide


def errors(model: OnnxModel, folder: Path) -> np.ndarray:
    """[N, 3]: yaw in degrees, mean error of the inner points, and of those seen; shares of the box.

    Args:
        model: of 68 points.
        folder: with annotations/val.json.
    """
    rows = []
    for image, points, face in read_set(folder / 'annotations/val.json', folder, AS_68):
        box = tight_box(points[:, :2])
        off = np.linalg.norm(look(model, image, box, AS_68.schema) - points[:, :2], axis=-1)
        off = off[AS_68.contour :] / np.sqrt(np.prod(box[2:] - box[:2]))
        seen = points[AS_68.contour :, 2] == SEEN
        rows.append([abs(face['head_pose'][0]), off.mean(), off[seen].mean()])
    return np.array(rows)


def by_yaw(rows: np.ndarray) -> Iterable[tuple[str, dict[str, float]]]:
    """What is reported of each band, %."""
    for low, high in BANDS:
        own = 100 * rows[(rows[:, 0] >= low) & (rows[:, 0] < high), 1:]
        if len(own):
            inner, seen = own.mean(0).round(2).tolist()
            yield f'{low} to {high}', {'faces': len(own), 'inner51': inner, 'of them seen': seen}


@friendly_exit
def main() -> None:
    """Print and write a row for each model and band."""
    args = parse_args(__doc__)
    report: dict[str, dict] = {}
    for name in args.models:
        report[Path(name).stem] = dict(by_yaw(errors(load(name), args.data / 'turned')))
        print(Path(name).stem, report[Path(name).stem])
    if args.out:
        write_json(args.out, report, indent=1)


if __name__ == '__main__':
    main()
