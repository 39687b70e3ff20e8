"""What an NME of 68 points is made of: `python tools/analysis_tools/split_error.py RESULTS.json`.

RESULTS is what `tools/test.py ... --cfg-options test_evaluator.out_file=RESULTS.json` writes.
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.evaluation.error_split import split_errors
from fanet_mmpose.evaluation.results_file import load_results


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('results', type=Path, help='results file')
    args = parser.parse_args(argv)
    results = load_results(args.results)
    if results.schema.name != '300w68':
        raise UserError(f'{args.results}: has the points of {results.schema.name}, not 300w68')
    for name, value in asdict(split_errors(results.predicted, results.truth)).items():
        print(f'{name} {value:.2f}')


if __name__ == '__main__':
    main()
