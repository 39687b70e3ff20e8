"""`fanet annotate`: the command line of a job."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.model_options import add_model_options, positive

FAILED, INTERRUPTED = 1, 130  # exit codes: some inputs failed; a signal ended the run


def add_annotate(parser: ArgumentParser) -> None:
    """Arguments of `fanet annotate`."""
    parser.add_argument(
        'sources',
        nargs='+',
        metavar='SOURCE',
        help='folder, list of paths (.txt), tar shard, Parquet or Arrow table, video, picture',
    )
    parser.add_argument('-o', '--out', required=True, help='folder of the parts')
    parser.add_argument('--workers', type=positive, help='processes; default: one for each core')
    parser.add_argument('--part-size', type=positive, default=256, help='inputs of a part, at most')
    parser.add_argument('--format', choices=('parquet', 'jsonl'), default='parquet')
    parser.add_argument('--image-column', default='image', help='of tables')
    parser.add_argument(
        '--any-order', action='store_true', help='list folders unsorted, for very large ones'
    )
    parser.add_argument(
        '--batch', type=positive, default=1, help='pictures per forward pass; for a GPU'
    )
    parser.add_argument(
        '--max-megapixels', type=positive, default=250, help='of one picture; %(default)s'
    )
    add_model_options(parser)
    parser.set_defaults(run=annotate)


def annotate(arguments: Namespace) -> int:
    """Run a job; 1 if any input failed, 130 if a signal ended it."""
    from fanet_mmpose.corpus.run import RunOptions, annotate_corpus
    from fanet_mmpose.corpus.settings import JobSettings
    from fanet_mmpose.corpus.summary import format_summary

    out = Path(arguments.out)
    names = ('model', 'detector', 'backend', 'device', 'passes', 'min_score', 'min_face', 'schema',
             'format', 'image_column', 'batch', 'applications', 'max_megapixels')  # fmt: skip
    settings = JobSettings(**{name: getattr(arguments, name) for name in names})
    options = RunOptions(
        workers=arguments.workers or _cores(),
        part_size=arguments.part_size,
        ordered=not arguments.any_order,
    )
    report = annotate_corpus(arguments.sources, out, settings, options)
    print(format_summary(report.outcome, report.usage, report.totals, out))
    outcome, errors = report.outcome, report.totals.errors
    for sentence in outcome.gone.values():
        print(f'error: {sentence}', file=sys.stderr)
    if errors:
        first = f', the first of this run: {outcome.first_error}' if outcome.first_error else ''
        print(f'error: {errors:,} inputs failed (rows with `error`){first}', file=sys.stderr)
    if report.interrupted:
        print('stopped: the same command goes on', file=sys.stderr)
        return INTERRUPTED
    return FAILED if errors or outcome.gone else 0


def _cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1
