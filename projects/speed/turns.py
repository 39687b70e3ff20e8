"""CPU times of jobs that take turns, so that what else the machine does falls on all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

Job = Callable[[], object]


def cpu_ms(job: Job) -> float:
    """CPU time of all threads of this process for one call, ms."""
    start = time.process_time()
    job()
    return 1e3 * (time.process_time() - start)


def cpu_times(jobs: Sequence[Job], rounds: int, warm_up: int = 1) -> list[list[float]]:
    """CPU times of each job, ms, one for each round; the jobs take turns.

    Args:
        jobs: what is timed.
        rounds: how often.
        warm_up: rounds before those, which are not timed.
    """
    for _ in range(warm_up):
        for job in jobs:
            job()
    timed = [[cpu_ms(job) for job in jobs] for _ in range(rounds)]
    return [list(times) for times in zip(*timed, strict=True)]
