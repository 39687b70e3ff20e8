"""Everything that is fitted to a model, again: for new weights.

`python projects/applications/tools/refit.py [--model fanet_lite_300w] [--data data] [--drawn]`

Runs observe.py, fit_visibility.py and fit_regions.py, with --drawn on drawn faces alone. For the
default model also fit_openness.py and measure_pose.py, whose constants serve all models.
About ten minutes on one core.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.inference.backend import DEFAULT_MODEL
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
    parser.add_argument('--model', default=DEFAULT_MODEL)
    parser.add_argument('--data', type=Path, default=Path('data'))
    parser.add_argument('--drawn', action='store_true', help='drawn faces alone')
    args = parser.parse_args(argv)
    model = ['--model', args.model]
    drawn = ['--drawn'] if args.drawn else []
    observe.main([*model, *drawn, '--data', str(args.data)])
    for tool in (fit_visibility, fit_regions):
        tool.main([*model, *drawn])
    if args.model == DEFAULT_MODEL:
        for tool in (fit_openness, measure_pose):
            tool.main(model)


if __name__ == '__main__':
    main()
