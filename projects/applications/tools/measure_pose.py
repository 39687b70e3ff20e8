"""Head pose against drawn heads, whose angles are known, and against LFW's classes of pose.

`python projects/applications/tools/measure_pose.py [--model fanet_lite_300w]`

LFW: the held-out people of observe.py, whose class from -2 (turned to the right of the picture) to
2 a person gave. Also: openness of 300W val from people's points against the network's.
"""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose.applications.openness import eye_openness, mouth_openness
from fanet_mmpose.applications.pose import head_pose
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.applications.drawn_faces import draw_faces
from projects.applications.fit_sets import OBSERVED
from projects.applications.observations import Observations, load
from projects.applications.openness_fit import area_under_roc

RESULTS = Path(__file__).parents[1] / 'results' / 'pose.json'
YAWS, SEED = (0, 15, 30, 45, 60), 73


def drawn_errors(find: FaceLandmarker, number: int) -> dict[str, Any]:
    """Degrees, by |yaw|: mean absolute error of each angle, share within 1 and 2 sigma."""
    rows, hidden = [], 0
    for face in draw_faces(find, SEED, number):
        try:
            pose = head_pose(face.found.points, face.found.scales, face.found.visibility)
        except UserError:
            hidden += 1
            continue
        off = np.array([pose.yaw, pose.pitch, pose.roll]) - face.angles
        rows.append(np.concatenate([np.abs(off), np.abs(off) / pose.sigmas, [abs(face.angles[0])]]))
    table = np.array(rows)
    parts = {f'{low} to {high}': table[(table[:, 6] >= low) & (table[:, 6] < high)]
             for low, high in pairwise(YAWS)}  # fmt: skip
    return {'too_hidden': hidden, **{name: _row(part) for name, part in
                                     {'all': table, **parts}.items() if len(part)}}  # fmt: skip


def _row(part: np.ndarray) -> dict[str, Any]:
    return {
        'faces': len(part),
        'yaw_pitch_roll': part[:, :3].mean(0).round(2).tolist(),
        'yaw_median': round(float(np.median(part[:, 0])), 2),
        'within_1_sigma': round(float((part[:, 3:6] < 1).mean()), 3),
        'within_2_sigma': round(float((part[:, 3:6] < 2).mean()), 3),
    }


def by_class(seen: Observations) -> dict[str, Any]:
    """Yaw by LFW's class of pose; how well it tells a class from the next."""
    yaws = np.array([
        head_pose(points, scales, shown).yaw
        for points, scales, shown in zip(seen.found, seen.scales, seen.visibility, strict=True)
    ])  # fmt: skip
    classes = sorted(set(seen.pose_class.tolist()))
    rows = {
        str(one): {
            'faces': int((seen.pose_class == one).sum()),
            'yaw_quartiles': np.percentile(yaws[seen.pose_class == one], (25, 50, 75))
            .round(1)
            .tolist(),
        }
        for one in classes
    }
    apart = {
        f'{low} from {high}': area_under_roc(
            yaws[seen.pose_class == low], yaws[seen.pose_class == high]
        )
        for low, high in pairwise(classes)
    }
    return {'classes': rows, 'auc': apart}


def people_and_network(seen: Observations) -> dict[str, Any]:
    """Openness from people's points and from the network's: mean difference, correlation."""
    pairs: dict[str, list[tuple[float, float]]] = {'eyes': [], 'mouth': []}
    for truth, found, scales in zip(seen.truth, seen.found, seen.scales, strict=True):
        eyes = [eye_openness(points, scales) for points in (truth, found)]
        pairs['eyes'].append(tuple(one.right.value for one in eyes))
        pairs['eyes'].append(tuple(one.left.value for one in eyes))
        pairs['mouth'].append(tuple(mouth_openness(p, scales).value for p in (truth, found)))
    tables = {name: np.array(rows) for name, rows in pairs.items()}
    return {
        name: {
            'number': len(table),
            'mean_absolute_difference': round(float(np.abs(np.diff(table)).mean()), 3),
            'correlation': round(float(np.corrcoef(table.T)[0, 1]), 3),
            'people_mean': round(float(table[:, 0].mean()), 3),
            'network_mean': round(float(table[:, 1].mean()), 3),
        }
        for name, table in tables.items()
    }


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Measure, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w')
    parser.add_argument('--number', type=int, default=300, help='drawn faces')
    parser.add_argument('--observed', type=Path, default=OBSERVED)
    parser.add_argument('--results', type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    folder = args.observed / Path(args.model).stem
    find = FaceLandmarker(args.model, 'whole_image')
    report = {
        'command': f'python projects/applications/tools/measure_pose.py --model {args.model}',
        'seed': SEED,
        'box': 'tight, of the true points; drawn faces: 2 passes, others: 1',
        'drawn_degrees_by_yaw': drawn_errors(find, args.number),
        'lfw_turned_heads': by_class(load(folder / 'lfw_val.npz')),
        '300w_val_openness': people_and_network(load(folder / '300w_val.npz')),
    }
    write_json(args.results, report)
    print(report)


if __name__ == '__main__':
    main()
