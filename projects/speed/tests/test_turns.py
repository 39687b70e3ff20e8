"""Jobs take turns, the warm-up is not timed."""

from __future__ import annotations

import time

from projects.speed.turns import cpu_times


def test_jobs_take_turns() -> None:
    calls: list[str] = []
    jobs = [lambda: calls.append('a'), lambda: calls.append('b')]
    assert [len(times) for times in cpu_times(jobs, rounds=2)] == [2, 2]
    assert calls == ['a', 'b'] * 3
    cpu_times(jobs, rounds=1, warm_up=0)
    assert calls == ['a', 'b'] * 4


def test_times_are_ms_of_work() -> None:
    def work() -> None:
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    (waited,), (worked,) = cpu_times([lambda: time.sleep(0.02), work], rounds=1, warm_up=0)
    assert waited < 20 <= worked
