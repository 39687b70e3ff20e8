"""Actors on the nodes of a Ray cluster: rounds of tasks, each round a dataset of Ray Data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fanet_mmpose.corpus.cluster.actor import Job, UnitActor, task_to_json
from fanet_mmpose.corpus.cluster.connection import import_ray, places
from fanet_mmpose.corpus.cluster.waiting import HeadNode, until_stopped
from fanet_mmpose.corpus.settings import ClusterOptions, JobSettings
from fanet_mmpose.corpus.summary import Usage
from fanet_mmpose.corpus.work import Task, Work
from fanet_mmpose.errors import UserError

ROUND = 64  # tasks of a process in a round, at whose end all wait for the last task


class RayPool:
    """Runs `Work` on a cluster that this process is `connected` to.

    Args:
        settings: of the job.
        out: folder of the parts, on a file system that all nodes share.
        options: see `ClusterOptions`.
        workers: processes in all; None for as many as fit.
        is_stopped: called several times a second; if true, the run ends without the open parts.

    Raises:
        UserError: a process is too large for the cluster.
    """

    def __init__(
        self,
        settings: JobSettings,
        out: Path,
        options: ClusterOptions,
        workers: int | None,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._ray, self._is_stopped = import_ray(), is_stopped
        self._head = HeadNode(self._ray.get_runtime_context().gcs_address)
        self._workers = workers or places(options)
        self._share = {'num_cpus': options.num_cpus, 'num_gpus': options.num_gpus}
        self._job = Job(settings, str(out.resolve()), os.getcwd())
        self.usage = Usage(self._workers)

    def model(self) -> dict[str, Any]:
        """The model as a node describes it, see `describe_model`. Raises `UserError`."""
        with self._ray_errors_explained():
            actor = self._ray.remote(UnitActor).options(**self._share).remote(self._job)
            answers = map(self._ray.get, [actor.describe.remote()])
            for model in until_stopped(answers, self._is_stopped, self._head):
                _check(model)
                self._job = replace(self._job, model=tuple(model.items()))
                return model
        raise KeyboardInterrupt

    def run(self, work: Work, progress: Callable[[int], None]) -> None:
        """Compute until nothing is left, or the run is stopped.

        Args:
            work: what to compute.
            progress: called with the number of inputs of this run that are finished.

        Raises:
            UserError: the parts cannot be written, a node does not see what the others see, or
                Ray fails.
        """
        while not self._is_stopped():
            tasks = _take(work, ROUND * self._workers)
            if not tasks:
                return
            with self._ray_errors_explained():
                results = self._results(list(tasks.values()))
                for result in until_stopped(results, self._is_stopped, self._head):
                    self._note(tasks.pop(result['unit']), result, work)
                    progress(work.outcome.inputs)
            if tasks and not self._is_stopped():
                raise UserError(f'Ray lost {len(tasks)} parts: run the same command again')

    def _results(self, tasks: list[Task]) -> Iterator[dict[str, Any]]:
        """Messages of the actors, as they come."""
        data = self._ray.data
        rows = [{'task': task_to_json(task)} for task in tasks]
        # A block for each task: Ray hands out blocks, and repeats them when an actor is lost.
        dataset = data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            UnitActor,
            fn_constructor_args=(self._job,),
            batch_size=1,
            compute=data.ActorPoolStrategy(
                size=min(self._workers, len(rows)), max_tasks_in_flight_per_actor=1
            ),
            **self._share,
        )
        for row in dataset.iter_rows():
            result = json.loads(row['result'])
            _check(result)
            yield result

    def _note(self, task: Task, result: dict[str, Any], work: Work) -> None:
        if 'gone' in result:
            work.gone(task, result['gone'])
        elif 'died_at' in result:
            work.died(task, result['died_at'])
        else:
            work.done(task, self.usage.add(result))

    @contextmanager
    def _ray_errors_explained(self) -> Iterator[None]:
        try:
            yield
        except self._ray.exceptions.RayError as error:
            last = str(error).strip().splitlines() or [type(error).__name__]
            raise UserError(
                f'Ray ended the job ({last[-1]}): what is in parts stays, run the same command '
                'again'
            ) from error


def _check(message: dict[str, Any]) -> None:
    if 'fatal' in message:
        raise UserError(message['fatal'])


def _take(work: Work, count: int) -> dict[int, Task]:
    """Up to so many tasks by the number of their unit."""
    tasks: dict[int, Task] = {}
    while len(tasks) < count and (task := work.next()):
        tasks[task.unit.number] = task
    return tasks
