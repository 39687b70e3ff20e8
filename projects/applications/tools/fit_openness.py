"""Fit the openness of eyes and mouth to what a network finds on drawn faces, and measure it.

`python projects/applications/tools/fit_openness.py [--model fanet_lite_300w]`

Writes fanet_mmpose/applications/openness.json, and what it reaches on other drawn faces to
projects/applications/results/openness.json. A few minutes on one core.
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.applications.openness import FILE
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.landmarker import FaceLandmarker
from projects.applications.drawn_faces import draw_faces
from projects.applications.openness_fit import fit, gather, measure

RESULTS = Path(__file__).parents[1] / 'results' / 'openness.json'
FIT_SEED, TEST_SEED = 71, 72


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Fit on one seed, measure on another."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w')
    parser.add_argument('--number', type=int, default=500, help='faces to fit on, and to measure')
    parser.add_argument('--out', type=Path, default=FILE)
    parser.add_argument('--results', type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    if args.number < 20:
        raise UserError(f'--number {args.number}: at least 20 faces are needed for a fit')
    find = FaceLandmarker(args.model, 'whole_image')
    samples, _ = gather(draw_faces(find, FIT_SEED, args.number))
    fits = {name: fit(sample) for name, sample in samples.items()}
    tests, lost = gather(draw_faces(find, TEST_SEED, args.number))
    command = f'python projects/applications/tools/fit_openness.py --model {args.model}'
    about = {'command': command, 'model': args.model, 'faces': args.number}
    write_json(
        args.out,
        {**about, 'seed': FIT_SEED, **{name: asdict(model) for name, model in fits.items()}},
    )
    measured = {name: measure(tests[name], fits[name], name) for name in fits}
    write_json(
        args.results,
        {**about, 'seed': TEST_SEED, 'box': 'tight, of the drawn points; 2 passes',
         'too_hidden_for_pose': lost, **measured},
    )  # fmt: skip
    for name, groups in measured.items():
        print(name, fits[name], groups['seen'], sep='\n')


if __name__ == '__main__':
    main()
