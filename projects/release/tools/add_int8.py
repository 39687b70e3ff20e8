"""Make INT8 files of published networks, measure what they cost, keep those that cost little.

`python projects/release/tools/add_int8.py fanet_300w fanet_300w_192 --data data`

Each is quantised from its published ONNX file on 128 faces of 300W val, or on drawn faces
(`--drawn`), and compared with it on 300W val, true boxes. A file whose error grows by
`--most-lost` or more is not kept. The manifest is renewed. Writes NAME_int8.json per network.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import numpy as np

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.weights import FOLDER
from fanet_mmpose.weights.manifest import refresh_manifest
from projects.release.int8 import cpu_ratio, drawn_faces, set_faces, to_crops, write_int8
from projects.release.tools.wild_val import SETS, errors, row

RESULTS = Path(__file__).parents[1] / 'results'
VAL = SETS['300w_val']


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Command-line arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('names', nargs='+', help='of published networks')
    add('--data', type=Path, default=Path('data'), help='folder of 300w')
    add('--drawn', action='store_true', help='take the ranges from drawn faces alone')
    add('--most-lost', type=float, default=0.02, help='NME on 300W val, %%; %(default)s')
    add('--folder', type=Path, default=FOLDER, help='of the published files')
    add('--results', type=Path, default=RESULTS, help='folder of the JSON files')
    return parser.parse_args(argv)


def add_int8(name: str, args: argparse.Namespace) -> dict[str, object]:
    """Write NAME.int8.onnx, unless it costs too much; the report."""
    source, out = args.folder / f'{name}.onnx', args.folder / f'{name}.int8.onnx'
    annotations, pictures = (args.data / part for part in VAL)
    model = OnnxModel(source, threads=1)
    faces = drawn_faces() if args.drawn else set_faces(annotations, pictures)
    crops = to_crops(model, faces)
    write_int8(source, crops, out)
    models = {'fp32': model, 'int8': OnnxModel(out, threads=1)}
    measured = {
        precision: row(*errors(one, annotations, pictures)) for precision, one in models.items()
    }
    lost = measured['int8']['NME'] - measured['fp32']['NME']
    kept = bool(np.round(lost, 3) < args.most_lost)
    if not kept:
        out.unlink()
    return {
        'ranges': f'{len(crops)} {"drawn faces" if args.drawn else "faces of 300W val"}',
        '300w_val': measured,
        'cpu_time_int8_over_fp32': round(cpu_ratio(models['fp32'], models['int8'], crops), 3),
        'kept': kept,
    }


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """One network after the other."""
    args = parse_args(argv)
    command = shlex.join(['projects/release/tools/add_int8.py', *(argv or sys.argv[1:])])
    for name in args.names:
        report = add_int8(name, args)
        write_json(args.results / f'{name}_int8.json', {'command': command, **report}, indent=1)
        print(name, report, flush=True)
    refresh_manifest(args.folder)


if __name__ == '__main__':
    main()
