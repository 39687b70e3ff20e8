"""`fanet annotate --ray`: the rows of one process, also when a node of two is lost."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.corpus import each_once, keys, parts, wait_for

from fanet_mmpose.corpus.part_reader import read_rows

pytest.importorskip('ray', reason='--ray needs fanet_mmpose[ray]')
from helpers.ray_cluster import Cluster, free_ports, start_cluster  # noqa: E402

COUNT = 96
HERE = Path(__file__).parent
# Ray would look for 127.0.0.1 at the address that other machines see.
LOOPBACK = {'RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER': '0'}
Make = Callable[..., Path]
Start = Callable[..., subprocess.Popen]
Annotate = Callable[..., tuple[int, str, str]]


WHY_ASKED = (
    'starts two Ray nodes, whose start Ray itself gives up on a busy machine; minutes: '
    'FANET_RAY_CLUSTER=1 runs it'
)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # A path of pytest's would be too long for Ray's sockets.
    with tempfile.TemporaryDirectory(prefix='ray') as folder:
        cluster = start_cluster(Path(folder), HERE / 'slow')
        yield cluster
        cluster.stop()


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


@pytest.mark.skipif('FANET_RAY_CLUSTER' not in os.environ, reason=WHY_ASKED)
def test_a_node_of_two_is_killed(
    cluster: Cluster,
    make_pictures: Make,
    start: Start,
    annotate: Annotate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, one, two = make_pictures(COUNT), tmp_path / 'one', tmp_path / 'two'
    assert annotate(folder, '-o', one, '--workers', 1)[0] == 0
    for name, value in LOOPBACK.items():
        monkeypatch.setenv(name, value)
    job = start(folder, '-o', two, '--ray', cluster.address, '--part-size', 4)
    wait_for(lambda: parts(two) >= 2 and unfinished(two) == 2)  # both nodes are at work
    cluster.nodes[1].kill()
    before = parts(two)
    said, errors = job.communicate(timeout=240)
    assert job.returncode == 0, errors
    assert before < COUNT // 4 == parts(two)
    assert '2 processes' in said
    assert keys(two) == each_once(COUNT)
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
