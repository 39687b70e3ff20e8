"""`fanet annotate`: the command line of a job."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from fanet_mmpose.corpus.settings import ClusterOptions
from fanet_mmpose.errors import UserError
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
    _add_cluster(parser)
    parser.set_defaults(run=annotate)


def _add_cluster(parser: ArgumentParser) -> None:
    group = parser.add_argument_group('many machines, see docs/scale.md')
    group.add_argument(
        '--ray',
        metavar='ADDRESS',
        help='compute on a Ray cluster: host:port of its head, auto, or local (this machine)',
    )
    group.add_argument('--num-cpus', type=float, help='of --ray: cores of a process; 1, or 0.5')
    group.add_argument('--num-gpus', type=float, help='of --ray: GPUs of a process; 0, or 0.25')


def annotate(arguments: Namespace) -> int:
    """Run a job; 1 if any input failed or there was none, 130 if a signal ended it."""
    from fanet_mmpose.corpus.rows import utf8
    from fanet_mmpose.corpus.run import RunOptions, annotate_corpus
    from fanet_mmpose.corpus.settings import JobSettings
    from fanet_mmpose.corpus.summary import complaints, format_summary

    if not arguments.out:  # which would be the working directory
        raise UserError('-o has an empty name: is a variable of the shell not set?')
    out = Path(arguments.out)
    names = ('model', 'detector', 'backend', 'device', 'passes', 'min_score', 'min_face', 'schema',
             'format', 'image_column', 'batch', 'applications', 'max_megapixels')  # fmt: skip
    settings = JobSettings(**{name: getattr(arguments, name) for name in names})
    options = RunOptions(
        workers=arguments.workers,
        part_size=arguments.part_size,
        ordered=not arguments.any_order,
        cluster=_cluster(arguments),
    )
    report = annotate_corpus(arguments.sources, out, settings, options)
    print(utf8(format_summary(report.outcome, report.usage, report.totals, out)))
    for sentence in complaints(report.outcome, report.totals.errors):
        print(sentence, file=sys.stderr)
    if report.interrupted:
        print('stopped: the same command goes on', file=sys.stderr)
        return INTERRUPTED
    is_whole = report.totals.inputs and not report.totals.errors and not report.outcome.gone
    return 0 if is_whole else FAILED


def _cluster(arguments: Namespace) -> ClusterOptions | None:
    """Of the options. Raises `UserError` if they contradict each other."""
    shares = {name: getattr(arguments, name) for name in ('num_cpus', 'num_gpus')}
    given = {name: share for name, share in shares.items() if share is not None}
    for name, share in given.items():
        if not (0 <= share < 1 or share > 0 and share.is_integer()):
            option = name.replace('_', '-')
            raise UserError(f'--{option} {share:g}: must be below 1, such as 0.25, or whole')
    if arguments.ray:
        return ClusterOptions(arguments.ray, **given)
    if given:
        raise UserError('--num-cpus and --num-gpus need --ray ADDRESS; --workers sets processes')
    return None
