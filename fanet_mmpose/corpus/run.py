"""A job from its sources to its parts; a second run does what the first left."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fanet_mmpose.corpus.arrow import arrow
from fanet_mmpose.corpus.cluster.connection import connected
from fanet_mmpose.corpus.job_file import agree_on_job, is_corpus
from fanet_mmpose.corpus.lock import locked
from fanet_mmpose.corpus.manifest import Manifest, Totals
from fanet_mmpose.corpus.part_writer import remove_unfinished
from fanet_mmpose.corpus.pool import LocalPool
from fanet_mmpose.corpus.progress import showing
from fanet_mmpose.corpus.resume import check_parts, unfinished
from fanet_mmpose.corpus.settings import ClusterOptions, JobSettings
from fanet_mmpose.corpus.sources import Source, SourceOptions, open_source
from fanet_mmpose.corpus.summary import Usage
from fanet_mmpose.corpus.work import Outcome, Work
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import make_folder

if TYPE_CHECKING:
    from fanet_mmpose.corpus.cluster.pool import RayPool

PART_SIZE = 256  # inputs
SIGNALS = (signal.SIGINT, signal.SIGTERM)  # batch systems send the second before they kill


@dataclass(frozen=True)
class RunOptions:
    """How a run computes; may differ between runs on one output folder.

    Attributes:
        workers: processes; None for one on each core, or for as many as a cluster has room for.
        part_size: inputs of a part, at most.
        ordered: see `SourceOptions`.
        cluster: where to compute; None for this machine.
    """

    workers: int | None = 1
    part_size: int = PART_SIZE
    ordered: bool = True
    cluster: ClusterOptions | None = None


@dataclass(frozen=True)
class Report:
    """What a run did; `interrupted` if a signal ended it."""

    outcome: Outcome
    usage: Usage
    totals: Totals
    interrupted: bool


def annotate_corpus(
    names: Sequence[str], out: Path, settings: JobSettings, options: RunOptions
) -> Report:
    """Annotate all inputs of the sources that have no row in `out` yet.

    Args:
        names: folders, lists, shards, tables, videos, pictures.
        out: output folder; made if it is not there.
        settings: what to compute.
        options: how.

    Raises:
        UserError: nothing can be done, pyarrow is missing, another run writes to `out`, its
            earlier runs had other settings, or the disk is full. What is in parts stays, and the
            next run goes on.
    """
    _check_folder(out, names)
    if settings.format == 'parquet':
        arrow()  # before the folder is bound to this format
    sources, missing = _open(names, SourceOptions(settings.image_column, options.ordered))
    if not sources and not is_corpus(out):
        raise UserError('; '.join(missing.values()))
    make_folder(out)
    with (
        locked(out),
        connected(options.cluster),
        interruptible() as stopped,
        _engine(settings, out, options, stopped) as engine,
    ):
        agree_on_job(out, settings, engine.model())
        remove_unfinished(out)
        manifest = Manifest(out)
        lost = check_parts(manifest, out, settings.format)
        known = unfinished(manifest, out, settings.format)
        work = Work(manifest, known, sources, options.part_size, stopped)
        work.outcome.gone.update(missing)
        work.outcome.lost = lost
        with showing(sources, manifest.totals().inputs) as progress:
            engine.run(work, progress)
        report = Report(work.outcome, engine.usage, manifest.totals(), stopped())
        manifest.close()
    return report


def _check_folder(out: Path, names: Sequence[str]) -> None:
    if '' in names:
        raise UserError('a source has an empty name: is a variable of the shell not set?')
    if os.path.realpath(out) in map(os.path.realpath, names):
        raise UserError(f'{out}: is a source itself, choose another folder for the output')
    if os.path.exists(out) and not os.path.isdir(out):
        raise UserError(f'{out}: is a file, -o names a folder')
    if os.path.isdir(out) and not is_corpus(out) and any(out.glob('part-*')):
        raise UserError(f'{out}: holds parts of another program, choose another folder')


def _open(names: Sequence[str], options: SourceOptions) -> tuple[list[Source], dict[str, str]]:
    """Sources that are there, and a sentence for each that is not."""
    sources: list[Source] = []
    missing: dict[str, str] = {}
    for name in names:
        try:
            sources.append(open_source(name, options))
        except UserError as error:
            missing[name] = str(error)
    return sources, missing


@contextmanager
def _engine(
    settings: JobSettings, out: Path, options: RunOptions, stopped: Callable[[], bool]
) -> Iterator[LocalPool | RayPool]:
    """The processes; ended gently after a good run, at once after an error."""
    if options.cluster:
        from fanet_mmpose.corpus.cluster.pool import RayPool

        yield RayPool(settings, out, options.cluster, options.workers, stopped)
        return  # its processes end with the connection
    engine = LocalPool(settings, out, options.workers or _cores(), stopped)
    try:
        yield engine
    except BaseException:
        engine.kill()
        raise
    engine.close()


def _cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C or a request to terminate: the first closes the parts, the second ends at once.

    Gives a function that says whether a signal came; a second one raises KeyboardInterrupt.
    """
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped.is_set
        return

    def stop(*_: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
