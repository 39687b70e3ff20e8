"""Calibrate the visibility of a model on covered and drawn faces, and measure it on others.

`python projects/applications/tools/fit_visibility.py [--model fanet_lite_300w]`

Reads what observe.py wrote: every other face of 300W val with patches of photographs pasted on it,
and drawn faces. Writes the model's entry in fanet_mmpose/inference/visibility.json and in
projects/applications/results/visibility.json.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.inference.visibility import FILE, apply_line
from projects.applications.observations import join
from projects.applications.tools.fit_regions import COVERED, FIT, OBSERVED, TEST, observed, update
from projects.applications.visibility_fit import fit_line, measure

RESULTS = Path(__file__).parents[1] / 'results' / 'visibility.json'


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Fit, measure, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w')
    parser.add_argument('--observed', type=Path, default=OBSERVED)
    parser.add_argument('--out', type=Path, default=FILE)
    parser.add_argument('--results', type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    info = OnnxModel(model_file(args.model), threads=1).info
    folder = args.observed / Path(args.model).stem
    first, other = (join(observed(folder, (name,))[part] for name in COVERED)
                    for part in (FIT, TEST))  # fmt: skip
    fitted = join([first, observed(folder, ('drawn_1',))])
    slope, shift = fit_line(fitted.visibility, ~fitted.hidden)
    about = {'command': 'python projects/applications/tools/fit_visibility.py --model MODEL'}
    update(args.out, about, info.name, {'slope': slope, 'shift': shift, 'network': info.visibility})
    tests = {'300W val, other half, covered': other,
             'drawn, other seed': observed(folder, ('drawn_2',))}  # fmt: skip
    measured = {
        title: {
            'network': measure(seen.visibility, ~seen.hidden),
            'calibrated': measure(apply_line(seen.visibility, slope, shift), ~seen.hidden),
        }
        for title, seen in tests.items()
    }
    update(args.results, about, Path(args.model).stem,
           {'slope': slope, 'shift': shift, 'network': info.visibility, **measured})  # fmt: skip
    for title, kinds in measured.items():
        for kind, one in kinds.items():
            print(title, kind, {k: v for k, v in one.items() if k != 'reliability'})


if __name__ == '__main__':
    main()
