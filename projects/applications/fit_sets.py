"""Which of the observed faces visibility and regions are fitted to, and which measure the fits.

A model that learnt from photographs is fitted to 300W val and YouTube Faces val; one that learnt
from drawn faces alone (`drawn`) is fitted to drawn faces alone.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fanet_mmpose.deploy.model_info import ModelInfo
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json
from fanet_mmpose.inference.backend import model_file
from fanet_mmpose.inference.visibility import calibrated_visibility
from projects.applications.observations import Observations, join, load
from projects.applications.regions_fit import without_offset

OBSERVED = Path('work_dirs/applications')
COVERED = ('300w_val_covered_1', '300w_val_covered_2')
PHOTOGRAPHS = ('300w_val', *COVERED, '300w_test', 'ytf_val', 'lfw_val', 'groups')
DRAWN = ('people_1', 'people_2', 'covered_people_1', 'covered_people_2')
FIT, TEST = slice(0, None, 2), slice(1, None, 2)


@dataclass(frozen=True)
class FitSets:
    """Faces to fit regions to, and others by name to measure them on.

    Attributes:
        plain: as they come; `covered`: with things in front.
        tests: faces that the fit does not see.
        fitted_on: a sentence for the results.
    """

    plain: Observations
    covered: Observations
    tests: Mapping[str, Observations]
    fitted_on: str


def fit_parser(description: str | None, out: Path, results: Path) -> ArgumentParser:
    """The options that the fits share; `out` and `results` are the defaults of the files."""
    parser = ArgumentParser(description=description)
    add = parser.add_argument
    add('--model', default='fanet_lite_300w')
    add('--drawn', action='store_true', help='drawn faces alone')
    add('--observed', type=Path, default=OBSERVED)
    add('--out', type=Path, default=out)
    add('--results', type=Path, default=results)
    return parser


def info_of(model: str) -> ModelInfo:
    """What a model, by name or file, says of itself. Raises `UserError` as `model_file`."""
    return OnnxModel(model_file(model), threads=1).info


def observed(folder: Path, names: Iterable[str]) -> Mapping[str, Observations]:
    """Sets of a model that observe.py wrote. Raises `UserError` if one is missing."""
    names = tuple(names)
    for name in names:
        if not (folder / f'{name}.npz').is_file():
            raise UserError(f'{folder / name}.npz: is not there; run observe.py first')
    return {name: load(folder / f'{name}.npz') for name in names}


def visibility_sets(
    folder: Path, drawn: bool = False
) -> tuple[Observations, Mapping[str, Observations]]:
    """Faces to fit the visibility to, and others by name to measure it on."""
    if drawn:
        sets = observed(folder, DRAWN)
        return join([sets['people_1'], sets['covered_people_1']]), {
            'drawn people, other seed': sets['people_2'],
            'drawn people, covered, other seed': sets['covered_people_2'],
        }
    sets = observed(folder, (*COVERED, 'drawn_1', 'drawn_2'))
    first, other = (join(sets[name][part] for name in COVERED) for part in (FIT, TEST))
    return join([first, sets['drawn_1']]), {
        '300W val, other half, covered': other,
        'drawn, other seed': sets['drawn_2'],
    }


def region_sets(
    folder: Path, network: str, drawn: bool = False, also: Sequence[str] = ()
) -> FitSets:
    """Sets of a model with its visibility calibrated.

    Args:
        folder: what observe.py wrote.
        network: `ModelInfo.name` of the model.
        drawn: see `visibility_sets`.
        also: further sets to measure on.
    """
    sets = {
        name: replace(seen, visibility=calibrated_visibility(network, seen.visibility))
        for name, seen in observed(folder, (*(DRAWN if drawn else PHOTOGRAPHS), *also)).items()
    }
    found = _drawn(sets) if drawn else _photographs(sets)
    return replace(found, tests={**found.tests, **{name: sets[name] for name in also}})


def _drawn(sets: Mapping[str, Observations]) -> FitSets:
    tests = {
        'drawn people, other seed': sets['people_2'],
        'drawn people, covered, other seed': sets['covered_people_2'],
    }
    return FitSets(sets['people_1'], sets['covered_people_1'], tests, 'drawn people, no photograph')


def _photographs(sets: Mapping[str, Observations]) -> FitSets:
    return FitSets(
        join([sets['300w_val'][FIT], without_offset(sets['ytf_val'])]),
        join(sets[one][FIT] for one in COVERED),
        {
            '300W val, other half': sets['300w_val'][TEST],
            '300W val, other half, covered': join(sets[name][TEST] for name in COVERED),
            '300W test': sets['300w_test'],
            'LFW turned heads, six points, as labelled': sets['lfw_val'],
            'LFW turned heads, less the offsets of its labels': without_offset(sets['lfw_val']),
            'groups, small faces': sets['groups'],
        },
        '300W val, faces 0, 2, 4, …; the same with a pasted patch, twice; YouTube Faces val less '
        "the median offset of each point (its labels' convention)",
    )


def update(path: Path, command: str, model: str, entry: Mapping[str, Any]) -> None:
    """Replace a model's entry in a JSON file that holds those of all."""
    models = json.loads(path.read_text(encoding='utf-8'))['models'] if path.is_file() else {}
    write_json(path, {'command': command, 'models': {**models, model: entry}})
