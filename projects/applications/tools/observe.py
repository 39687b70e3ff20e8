"""Run a model on the sets that regions and visibility are fitted to and measured on.

`python projects/applications/tools/observe.py [--model fanet_lite_300w] [--data data]`

Writes work_dirs/applications/MODEL/*.npz, which the fits read. The sets: 300W val, as it is and
twice with a patch pasted on each face; 300W test, YouTube Faces val, LFW's turned heads
(data/wild68/val.json: people not trained on), groups, and drawn faces.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.synthetic.renderer import render_face
from fanet_mmpose.synthetic.variety import Variety
from projects.applications.observations import Face, Observations, observe, read_faces

SETS = {
    '300w_val': ('300w/annotations/val.json', '300w', None),
    '300w_val_covered_1': ('300w/annotations/val.json', '300w', 1),
    '300w_val_covered_2': ('300w/annotations/val.json', '300w', 2),
    '300w_test': ('300w/annotations/test.json', '300w', None),
    'ytf_val': ('ytf68/annotations/val.json', 'ytf68', None),
    'lfw_val': ('wild68/val.json', 'wild', None),
    'groups': ('wild/annotations/groups.json', 'wild', None),
}
DRAWN = {'drawn_1': 81, 'drawn_2': 82}  # by seed
VARIETY = Variety(occluder=0.5, glasses=0.3, mask=0.1)
OUT = Path('work_dirs/applications')


def observe_drawn(model: OnnxModel, seed: int, number: int) -> Observations:
    """Drawn faces; what is not visible there is hidden."""
    rendered = [render_face((seed, index), 224, VARIETY) for index in range(number)]
    marked = [face.points.to_schema('300w68') for face in rendered]

    def faces() -> Iterator[Face]:
        for face, (points, visible) in zip(rendered, marked, strict=True):
            yield face.image, points, np.ones(len(visible), bool), 9

    found = vars(observe(model, faces()))
    return Observations(**{**found, 'hidden': np.array([~visible for _, visible in marked])})


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Observe what is asked for."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w', help='shipped name or .onnx file')
    parser.add_argument('--data', type=Path, default=Path('data'))
    parser.add_argument('--sets', nargs='+', choices=[*SETS, *DRAWN], default=[*SETS, *DRAWN])
    parser.add_argument('--drawn', type=int, default=150, help='drawn faces of each seed')
    parser.add_argument('--out', type=Path, default=OUT)
    args = parser.parse_args(argv)
    model = OnnxModel(model_file(args.model), threads=1)
    for name in args.sets:
        if name in DRAWN:
            found = observe_drawn(model, DRAWN[name], args.drawn)
        else:
            file, pictures, seed = SETS[name]
            found = observe(model, read_faces(args.data / file, args.data / pictures), seed)
        found.save(args.out / Path(args.model).stem / f'{name}.npz')
        print(f'{name}: {len(found.found)} faces', flush=True)


if __name__ == '__main__':
    main()
