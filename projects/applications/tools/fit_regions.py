"""Fit the regions of points to the errors of a model, and measure their coverage elsewhere.

`python projects/applications/tools/fit_regions.py [--model fanet_lite_300w]`

Reads what observe.py wrote; fit_visibility.py comes first, for which points are hidden. Fitted on
every other face of 300W val (covered ones for hidden points) and on YouTube Faces val, less the
constant offsets of its labels; measured on the other half, 300W test, LFW's turned heads and
groups. Writes the model's entry in fanet_mmpose/applications/regions.json and in
projects/applications/results/regions.json.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fanet_mmpose.applications.regions import FILE
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.inference.visibility import calibrated_visibility
from projects.applications.observations import Observations, join, load
from projects.applications.regions_fit import (
    fit_regions,
    measure_regions,
    to_json,
    without_offset,
)

OBSERVED = Path('work_dirs/applications')
RESULTS = Path(__file__).parents[1] / 'results' / 'regions.json'
COVERED = ('300w_val_covered_1', '300w_val_covered_2')
SETS = ('300w_val', *COVERED, '300w_test', 'ytf_val', 'lfw_val', 'groups')
FIT, TEST = slice(0, None, 2), slice(1, None, 2)
FITTED_ON = (
    '300W val, faces 0, 2, 4, …; the same with a pasted patch, twice; YouTube Faces val less the '
    "median offset of each point (its labels' convention)"
)


def observed(folder: Path, names: tuple[str, ...]) -> Observations:
    """Sets of a model, one after the other. Raises `UserError` if one is missing."""
    for name in names:
        if not (folder / f'{name}.npz').is_file():
            raise UserError(f'{folder / name}.npz: is not there; run observe.py first')
    return join(load(folder / f'{name}.npz') for name in names)


def test_sets(sets: Mapping[str, Observations]) -> Mapping[str, Observations]:
    """Faces that the fit does not see."""
    return {
        '300W val, other half': sets['300w_val'][TEST],
        '300W val, other half, covered': join(sets[name][TEST] for name in COVERED),
        '300W test': sets['300w_test'],
        'LFW turned heads, six points, as labelled': sets['lfw_val'],
        'LFW turned heads, less the offsets of its labels': without_offset(sets['lfw_val']),
        'groups, small faces': sets['groups'],
    }


def calibrated_sets(folder: Path, model: str) -> Mapping[str, Observations]:
    """What observe.py wrote of a model (`ModelInfo.name`), with its visibility calibrated."""
    sets = {name: observed(folder, (name,)) for name in SETS}
    return {
        name: replace(seen, visibility=calibrated_visibility(model, seen.visibility))
        for name, seen in sets.items()
    }


def update(path: Path, about: Mapping[str, Any], model: str, entry: Mapping[str, Any]) -> None:
    """Replace a model's entry in a JSON file that holds those of all."""
    models = json.loads(path.read_text(encoding='utf-8'))['models'] if path.is_file() else {}
    write_json(path, {**about, 'models': {**models, model: entry}})


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Fit, measure, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w')
    parser.add_argument('--observed', type=Path, default=OBSERVED)
    parser.add_argument('--out', type=Path, default=FILE)
    parser.add_argument('--results', type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    folder = args.observed / Path(args.model).stem
    sets = calibrated_sets(folder, OnnxModel(model_file(args.model), threads=1).info.name)
    plain = join([sets['300w_val'][FIT], without_offset(sets['ytf_val'])])
    covered = join(sets[one][FIT] for one in COVERED)
    about = {'command': 'python projects/applications/tools/fit_regions.py --model MODEL',
             'fitted_on': FITTED_ON, 'box': 'tight, of the true points; one crop'}  # fmt: skip
    fits = {
        kind: fit_regions(plain, covered, kind == 'ellipses') for kind in ('ellipses', 'circles')
    }
    measured = {
        title: {kind: measure_regions(seen, fit) for kind, fit in fits.items()}
        for title, seen in test_sets(sets).items()
    }
    update(args.out, about, folder.name, to_json(fits['ellipses']))
    update(args.results, about, folder.name, measured)
    for title, kinds in measured.items():
        print(title, {kind: (one['coverage'], one['radius_percent_of_face']) for kind, one in
                      kinds.items()})  # fmt: skip


if __name__ == '__main__':
    main()
