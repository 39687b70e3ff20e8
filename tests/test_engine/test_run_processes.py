"""Which process ended first, and what is said of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fanet_mmpose.engine.processes import PEER_GONE, is_lost_peer
from fanet_mmpose.engine.run_processes import PEER_GONE as SAME
from fanet_mmpose.engine.run_processes import explain, first_failure


def failures(*codes: int) -> dict[int, SimpleNamespace]:
    return {rank: SimpleNamespace(exitcode=code) for rank, code in enumerate(codes)}


def test_one_number() -> None:
    assert SAME == PEER_GONE


@pytest.mark.parametrize(
    'codes, expected',
    [
        ((PEER_GONE, -9), (1, -9)),
        ((-15, -9), (1, -9)),
        ((-15, 1), (1, 1)),
        ((PEER_GONE, 1), (1, 1)),
        ((1, 2, -11), (2, -11)),
        ((PEER_GONE, PEER_GONE), (0, PEER_GONE)),
    ],
)
def test_who_was_first(codes: tuple[int, ...], expected: tuple[int, int]) -> None:
    assert first_failure(failures(*codes)) == expected


def test_each_end_is_one_sentence() -> None:
    assert 'SIGSEGV' in explain(0, -11) and 'memory' not in explain(0, -11)
    assert 'exit code 1' in explain(3, 1)
    assert 'another machine' in explain(0, PEER_GONE)


def test_an_error_of_one_process_is_no_lost_peer() -> None:
    assert not is_lost_peer(RuntimeError('Connection closed by peer'))  # nobody is there
