"""Run a model on the sets that regions and visibility are fitted to and measured on.

`python projects/applications/tools/observe.py [--model fanet_lite_300w] [--data data]`

Writes work_dirs/applications/MODEL/*.npz, which the fits read. The sets: 300W val, as it is and
twice with a patch pasted on each face; 300W test, YouTube Faces val, LFW's turned heads
(data/wild68/val.json: people not trained on), groups, and drawn faces. --drawn observes drawn
faces alone, most with MakeHuman's heads, for models that learnt from nothing else.
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
from projects.applications import fit_sets
from projects.applications.fit_sets import OBSERVED
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
FRONT = dict(occluder=0.5, glasses=0.3, mask=0.1)
PEOPLE = dict(human=0.85, photo=0.6)  # as fanet_lite_free learnt from, of other seeds
DRAWN = {
    'drawn_1': (81, Variety(**FRONT)), 'drawn_2': (82, Variety(**FRONT)),
    'people_1': (83, Variety(**PEOPLE)), 'people_2': (84, Variety(**PEOPLE)),
    'covered_people_1': (85, Variety(**PEOPLE, **FRONT)),
    'covered_people_2': (86, Variety(**PEOPLE, **FRONT)),
}  # fmt: skip
USUAL = (*SETS, 'drawn_1', 'drawn_2')


def observe_drawn(model: OnnxModel, seed: int, variety: Variety, number: int) -> Observations:
    """Drawn faces; what is not visible there is hidden."""
    rendered = [render_face((seed, index), 224, variety) for index in range(number)]
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
    parser.add_argument('--sets', nargs='+', choices=[*SETS, *DRAWN], help='default: all it needs')
    parser.add_argument('--drawn', action='store_true', help='drawn faces alone')
    parser.add_argument('--number', type=int, default=150, help='drawn faces of each seed')
    parser.add_argument('--out', type=Path, default=OBSERVED)
    args = parser.parse_args(argv)
    model = OnnxModel(model_file(args.model), threads=1)
    for name in args.sets or (fit_sets.DRAWN if args.drawn else USUAL):
        if name in DRAWN:
            found = observe_drawn(model, *DRAWN[name], args.number)
        else:
            file, pictures, seed = SETS[name]
            found = observe(model, read_faces(args.data / file, args.data / pictures), seed)
        found.save(args.out / Path(args.model).stem / f'{name}.npz')
        print(f'{name}: {len(found.found)} faces', flush=True)


if __name__ == '__main__':
    main()
