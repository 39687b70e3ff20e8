"""One HTML page on one or several results files.

`python tools/analysis_tools/report.py RESULT.json [...]`
"""

from __future__ import annotations

from argparse import ArgumentParser

from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.evaluation.report.page import write_report
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.evaluation.summary import summarize
from fanet_mmpose.evaluation.table import format_summary
from fanet_mmpose.geometry.nme import NORMALIZERS


def build_parser() -> ArgumentParser:
    """Files in, folder out."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('results', nargs='+', help='results files (docs/results_format.md)')
    parser.add_argument('--out', default='report', help='folder for report.html and PNGs')
    parser.add_argument('--annotations', help='COCO-style file with the truth, if they lack it')
    parser.add_argument('--normalizer', choices=NORMALIZERS, default='inter_ocular')
    parser.add_argument('--image-root', default='.', help='where relative image paths start')
    return parser


@friendly_exit
def main() -> None:
    arguments = build_parser().parse_args()
    results = [load_results(path, arguments.annotations) for path in arguments.results]
    for each in results:
        print(format_summary(summarize(each, arguments.normalizer)))
    print(write_report(results, arguments.out, arguments.normalizer, arguments.image_root))


if __name__ == '__main__':
    main()
