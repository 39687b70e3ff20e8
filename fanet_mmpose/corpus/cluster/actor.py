"""What runs on the nodes: an actor that takes tasks and writes their parts."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from fanet_mmpose import __version__
from fanet_mmpose.corpus.cluster.unit_runner import UnitRunner
from fanet_mmpose.corpus.item import item_from_list
from fanet_mmpose.corpus.job_file import JOB_FILE
from fanet_mmpose.corpus.manifest import WorkUnit
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.corpus.work import Task
from fanet_mmpose.errors import UserError

WHOLE = float('inf')  # seconds of a part: see `UnitActor`
Batch = dict[str, np.ndarray]


@dataclass(frozen=True)
class Job:
    """What each node must see as the driver does.

    Attributes:
        settings: of the job.
        out: output folder; absolute, on a file system that all nodes share.
        folder: the driver's working directory, where relative paths start.
        version: of this package.
        model: see `stage.describe_model`; empty until a node has said it.
    """

    settings: JobSettings
    out: str
    folder: str
    version: str = __version__
    model: tuple[tuple[str, str], ...] = ()


class UnitActor:
    """A stage of `ray.data.Dataset.map_batches`; a batch is one task.

    Ray gives the task of a lost actor to another one, and the lost one may have written the part
    already, or may still write it. Both write all inputs of the unit under one name, by renaming:
    whichever is last, the part is whole and there once. So a part is never closed early here.

    An error of the user's becomes a result, because Ray would take an exception for a crash.

    Args:
        job: see `Job`.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        settings = replace(job.settings, part_seconds=WHOLE)
        self._runner = UnitRunner(settings, Path(job.out))

    def __call__(self, batch: Batch) -> Batch:
        """Compute ``task`` [1] (see `task_to_json`); gives ``result`` [1], JSON of a message.

        The message is that of `UnitRunner.run` with the ``unit``, or ``{"fatal": sentence}``.
        """
        (text,) = batch['task']
        task = task_from_json(text)
        return {'result': np.array([json.dumps({'unit': task.unit.number, **self._run(task)})])}

    def describe(self) -> dict[str, Any]:
        """The model, see `stage.describe_model`, or ``{"fatal": sentence}``."""
        try:
            self._check()
        except UserError as error:
            return {'fatal': _here(error)}
        return self._runner.model

    def _run(self, task: Task) -> dict[str, Any]:
        try:
            self._check()
            return self._runner.run(task)
        except UserError as error:
            return {'fatal': _here(error)}

    def _check(self) -> None:
        """Raise `UserError` unless this node sees the job as the driver does."""
        job = self._job
        if job.version != __version__:
            raise UserError(f'has fanet_mmpose {__version__}, not {job.version}: install that')
        try:
            os.chdir(job.folder)
        except OSError as error:
            raise UserError(
                f'has no folder {job.folder}, where relative paths start: start the job in a '
                'folder that all nodes have'
            ) from error
        if job.model and not (Path(job.out) / JOB_FILE).exists():
            raise UserError(f'does not see {job.out}: choose an output folder that all nodes share')
        self._runner.start()
        for name, value in job.model:
            if self._runner.model[name] != value:
                raise UserError(
                    f'has {name} {self._runner.model[name]}, not {value}: install the same model'
                )


def _here(error: UserError) -> str:
    return f'node {socket.gethostname()}: {error}'


def task_to_json(task: Task) -> str:
    """A task as a cell of a table."""
    fields = asdict(replace(task, unit=None))
    items = [item.to_list() for item in task.unit.items]
    return json.dumps({**fields, 'unit': task.unit.number, 'items': items})


def task_from_json(text: str) -> Task:
    """The inverse of `task_to_json`."""
    fields = json.loads(text)
    items = tuple(map(item_from_list, fields.pop('items')))
    return Task(WorkUnit(fields.pop('unit'), items), **fields)
