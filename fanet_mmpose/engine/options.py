"""The flags that the tools share with MMPose's, as typed options."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from fanet_mmpose.engine.config_options import ConfigOptions

Options = TypeVar('Options', bound='RunOptions')
LAUNCHERS = ('none', 'pytorch', 'slurm', 'mpi')


@dataclass(frozen=True)
class RunOptions:
    """What training and testing share; the fields are the tools' flags."""

    work_dir: str | None = None
    cfg_options: dict[str, Any] | None = None
    launcher: str = 'none'
    show: bool = False
    show_dir: str | None = None
    interval: int = 1
    wait_time: float = 1.0


@dataclass(frozen=True)
class TrainOptions(RunOptions):
    """`resume`: None, 'auto' (latest in the work directory) or a checkpoint."""

    resume: str | None = None
    amp: bool = False
    no_validate: bool = False
    auto_scale_lr: bool = False


@dataclass(frozen=True)
class TestOptions(RunOptions):
    """`out`: file for the metrics (json, yaml, pkl). `dump`: .pkl file for the predictions."""

    __test__ = False  # not a test case, whatever pytest thinks of its name

    out: str | None = None
    dump: str | None = None


def add_shared_arguments(parser: ArgumentParser) -> None:
    """Declare the flags of `RunOptions`, named and meant as in MMPose."""
    parser.add_argument('--work-dir', help='where logs, checkpoints and results go')
    parser.add_argument(
        '--cfg-options', nargs='+', action=ConfigOptions, help='override settings: a.b=1 c="[1,2]"'
    )
    parser.add_argument('--launcher', choices=LAUNCHERS, default='none', help='job launcher')
    parser.add_argument('--show', action='store_true', help='show predictions in a window')
    parser.add_argument('--show-dir', help='save pictures of predictions there')
    parser.add_argument('--interval', type=int, default=1, help='draw one sample in so many')
    parser.add_argument('--wait-time', type=float, default=1.0, help='seconds a window stays')
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def to_options(kind: type[Options], arguments: Namespace) -> Options:
    """The `TrainOptions` or `TestOptions` among parsed arguments; sets LOCAL_RANK for launchers."""
    os.environ.setdefault('LOCAL_RANK', str(arguments.local_rank))
    return kind(**{field.name: getattr(arguments, field.name) for field in fields(kind)})
