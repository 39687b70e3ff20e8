"""Calibrate the visibility of a model on covered and drawn faces, and measure it on others.

`python projects/applications/tools/fit_visibility.py [--model fanet_lite_300w] [--drawn]`

Reads what observe.py wrote: every other face of 300W val with patches of photographs pasted on it,
and drawn faces; with --drawn, drawn faces alone. Writes the model's entry in
fanet_mmpose/inference/visibility.json and in projects/applications/results/visibility.json.
"""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.visibility import FILE, apply_line
from projects.applications.fit_sets import fit_parser, info_of, update, visibility_sets
from projects.applications.visibility_fit import fit_line, measure

RESULTS = Path(__file__).parents[1] / 'results' / 'visibility.json'
COMMAND = 'python projects/applications/tools/fit_visibility.py --model MODEL'


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Fit, measure, write."""
    args = fit_parser(__doc__, FILE, RESULTS).parse_args(argv)
    info = info_of(args.model)
    folder = args.observed / Path(args.model).stem
    fitted, tests = visibility_sets(folder, args.drawn)
    slope, shift = fit_line(fitted.visibility, ~fitted.hidden)
    entry = {'slope': slope, 'shift': shift, 'network': info.visibility}
    update(args.out, COMMAND, info.name, entry)
    measured = {
        title: {
            'network': measure(seen.visibility, ~seen.hidden),
            'calibrated': measure(apply_line(seen.visibility, slope, shift), ~seen.hidden),
        }
        for title, seen in tests.items()
    }
    update(args.results, COMMAND, folder.name, {**entry, **measured})
    for title, kinds in measured.items():
        for kind, one in kinds.items():
            print(title, kind, {k: v for k, v in one.items() if k != 'reliability'})


if __name__ == '__main__':
    main()
