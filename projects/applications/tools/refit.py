"""Everything that is fitted to a model, again: for new weights.

`python projects/applications/tools/refit.py [--model fanet_lite_300w] [--data data]`

Runs observe.py, fit_visibility.py, fit_regions.py, fit_openness.py and measure_pose.py.
About ten minutes on one core.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from projects.applications.tools import (
    fit_openness,
    fit_regions,
    fit_visibility,
    measure_pose,
    observe,
)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """One after the other."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('--model', default='fanet_lite_300w')
    parser.add_argument('--data', type=Path, default=Path('data'))
    args = parser.parse_args(argv)
    model = ['--model', args.model]
    observe.main([*model, '--data', str(args.data)])
    for tool in (fit_visibility, fit_regions, fit_openness, measure_pose):
        tool.main(model)


if __name__ == '__main__':
    main()
