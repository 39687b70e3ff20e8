"""Fit the regions of points to the errors of a model, and measure their coverage elsewhere.

`python projects/applications/tools/fit_regions.py [--model fanet_lite_300w] [--drawn]`

Reads what observe.py wrote; fit_visibility.py comes first, for which points are hidden. Fitted on
every other face of 300W val (covered ones for hidden points) and on YouTube Faces val, less the
constant offsets of its labels; measured on the other half, 300W test, LFW's turned heads and
groups. With --drawn fitted to and measured on drawn faces alone. Writes the model's entry in
fanet_mmpose/applications/regions.json and in projects/applications/results/regions.json.
"""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.applications.regions import FILE
from fanet_mmpose.errors import friendly_exit
from projects.applications.fit_sets import fit_parser, info_of, region_sets, update
from projects.applications.regions_fit import fit_regions, measure_regions, to_json

RESULTS = Path(__file__).parents[1] / 'results' / 'regions.json'
COMMAND = 'python projects/applications/tools/fit_regions.py --model MODEL'


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Fit, measure, write."""
    parser = fit_parser(__doc__, FILE, RESULTS)
    parser.add_argument('--also', nargs='*', default=[], help='further sets to measure on')
    args = parser.parse_args(argv)
    folder = args.observed / Path(args.model).stem
    network = info_of(args.model).name
    sets = region_sets(folder, network, args.drawn, args.also)
    fits = {
        kind: fit_regions(sets.plain, sets.covered, kind == 'ellipses')
        for kind in ('ellipses', 'circles')
    }
    measured = {
        title: {kind: measure_regions(seen, fit) for kind, fit in fits.items()}
        for title, seen in sets.tests.items()
    }
    about = {'network': network, 'fitted_on': sets.fitted_on,
             'box': 'tight, of the true points; one crop'}  # fmt: skip
    update(args.out, COMMAND, folder.name, {**about, **to_json(fits['ellipses'])})
    update(args.results, COMMAND, folder.name, {**about, **measured})
    for title, kinds in measured.items():
        print(title, {kind: (one['coverage'], one['radius_percent_of_face']) for kind, one in
                      kinds.items()})  # fmt: skip


if __name__ == '__main__':
    main()
