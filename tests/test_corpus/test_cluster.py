"""`fanet annotate --ray` on real nodes: the rows of one process, whatever is killed or stopped.

The tests that start nodes run when they are asked for (FANET_RAY_CLUSTER=1), because of what they
cost: about 35 CPU seconds each, nearly all of it imports of Ray's own ten processes.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.corpus import each_once, keys, parts, wait_for

from fanet_mmpose.corpus.part_reader import read_rows

pytest.importorskip('ray', reason='--ray needs fanet_mmpose[ray]')
from helpers.ray_cluster import DRIVER, PATIENCE, Cluster, free_ports, running_cluster  # noqa: E402

COUNT = 96
HERE = Path(__file__).parent
Make = Callable[..., Path]
Start = Callable[..., subprocess.Popen]
Annotate = Callable[..., tuple[int, str, str]]


limited = pytest.mark.timeout(5 * PATIENCE)
asked = pytest.mark.skipif(
    'FANET_RAY_CLUSTER' not in os.environ,
    reason='minutes of two cores: FANET_RAY_CLUSTER=1 runs it',
)


@pytest.fixture(autouse=True)
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in DRIVER.items():
        monkeypatch.setenv(name, value)


def by_key(out: Path) -> dict[str, dict[str, Any]]:
    return {row['key']: row for row in read_rows(out)}


def assert_same_rows(out: Path, expected: Path) -> None:
    rows, others = by_key(out), by_key(expected)
    assert rows.keys() == others.keys()
    for key, row in rows.items():
        for column, value in row.items():
            np.testing.assert_array_equal(value, others[key][column], f'{key}: {column}')


def unfinished(out: Path) -> int:
    """Parts that are being written."""
    return len(list(out.glob('.part-*')))


@asked
@limited
def test_a_node_of_two_is_killed(
    make_pictures: Make, start: Start, annotate: Annotate, tmp_path: Path
) -> None:
    folder, one, two = make_pictures(COUNT), tmp_path / 'one', tmp_path / 'two'
    assert annotate(folder, '-o', one, '--workers', 1)[0] == 0
    with running_cluster(HERE / 'slow', 2) as cluster:
        job = start(folder, '-o', two, '--ray', cluster.address, '--part-size', 4)
        wait_for(lambda: parts(two) >= 2 and unfinished(two) == 2, PATIENCE)  # both are at work
        cluster.nodes[1].kill()
        before = parts(two)
        said, errors = job.communicate(timeout=PATIENCE)
    assert job.returncode == 0, errors
    assert before < COUNT // 4 == parts(two)
    assert '2 processes' in said
    assert keys(two) == each_once(COUNT)
    assert_same_rows(two, one)


@asked
@limited
def test_goes_on_after_ctrl_c_and_after_the_loss_of_the_head(
    make_pictures: Make, start: Start, tmp_path: Path
) -> None:
    folder, out = make_pictures(COUNT), tmp_path / 'out'

    def run(cluster: Cluster, more: int, event: Callable[[subprocess.Popen], None]) -> tuple:
        """A job to which something happens when so many parts more are there."""
        had = parts(out)
        job = start(folder, '-o', out, '--ray', cluster.address, '--part-size', 4)
        wait_for(lambda: parts(out) >= had + more, PATIENCE)
        event(job)
        _, errors = job.communicate(timeout=PATIENCE)
        return job.returncode, errors

    with running_cluster(HERE / 'slow', 1) as cluster:
        code, errors = run(cluster, 2, lambda job: job.send_signal(signal.SIGINT))
        assert code == 130 and 'the same command goes on' in errors, errors
        code, errors = run(cluster, 2, lambda job: cluster.nodes[0].kill())
        assert code == 2 and 'the head node of Ray' in errors, errors
    assert parts(out) < COUNT // 4
    with running_cluster(HERE / 'slow', 1) as cluster:
        code, errors = run(cluster, 0, lambda job: None)
    assert code == 0, errors
    assert keys(out) == each_once(COUNT)


@asked
@limited
def test_a_cluster_of_this_machine_alone(
    make_pictures: Make, annotate: Annotate, tmp_path: Path
) -> None:
    folder, one, two = make_pictures(12), tmp_path / 'one', tmp_path / 'two'
    assert annotate(folder, '-o', one, '--workers', 1)[0] == 0
    code, said, errors = annotate(folder, '-o', two, '--ray', 'local', '--part-size', 2)
    assert code == 0, errors
    assert keys(two) == each_once(12) and f'{os.cpu_count()} process' in said
    assert_same_rows(two, one)


def test_an_address_without_a_cluster_is_one_sentence(
    make_pictures: Make, annotate: Annotate, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    code, _, errors = annotate(
        make_pictures(1), '-o', tmp_path / 'out', '--ray', f'127.0.0.1:{port}'
    )
    assert code == 2 and 'no cluster is there' in errors and errors.count('\n') == 1, errors


def test_shares_of_no_cluster_are_refused(
    make_pictures: Make, annotate: Annotate, tmp_path: Path
) -> None:
    code, _, errors = annotate(make_pictures(1), '-o', tmp_path / 'out', '--num-gpus', 0.5)
    assert code == 2 and 'need --ray' in errors
