"""What the driver of a Ray cluster sees while it waits; no Ray is needed for that."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from fanet_mmpose.corpus.cluster import connection, waiting
from fanet_mmpose.corpus.cluster.waiting import HeadNode, until_stopped
from fanet_mmpose.corpus.settings import ClusterOptions
from fanet_mmpose.errors import UserError


@pytest.fixture
def head() -> Iterator[HeadNode]:
    with socket.create_server(('127.0.0.1', 0)) as server:
        yield HeadNode(f'127.0.0.1:{server.getsockname()[1]}')


def test_results_come_and_errors_are_raised(head: HeadNode) -> None:
    assert list(until_stopped(iter('abc'), lambda: False, head)) == list('abc')
    with pytest.raises(ZeroDivisionError):
        list(until_stopped((1 / number for number in (1, 0)), lambda: False, head))


def test_a_stop_does_not_wait_for_a_result(head: HeadNode) -> None:
    never, stopped = threading.Event(), threading.Event()

    def results() -> Iterator[int]:
        yield 1
        never.wait(60)
        yield 2

    found = []
    for number in until_stopped(results(), stopped.is_set, head):
        found.append(number)
        stopped.set()
    never.set()
    assert found == [1]


def test_a_lost_head_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, 'PING_INTERVAL', 0.0)
    with socket.create_server(('127.0.0.1', 0)) as server:
        head = HeadNode(f'127.0.0.1:{server.getsockname()[1]}')
        head.check()
    never = threading.Event()
    with pytest.raises(UserError, match='head node .* is lost: .* same command again'):
        list(until_stopped((never.wait(60) for _ in range(1)), lambda: False, head))
    never.set()


def fake_ray(found: dict[str, str], says: str) -> SimpleNamespace:
    def init(*arguments: object, **options: object) -> None:
        found.update(connection.os.environ)
        raise RuntimeError(says)

    return SimpleNamespace(init=init)


def test_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster of this machine has one of its own; that others want one is said."""
    for address, sentence in (('local', 'does not start'), ('auto', 'set RAY_AUTH_MODE=token')):
        found: dict[str, str] = {}
        ray = fake_ray(found, 'RPC error: InvalidAuthToken: Authentication token is missing')
        monkeypatch.setattr(connection, 'import_ray', lambda ray=ray: ray)
        monkeypatch.setattr(connection.os, 'environ', {})
        with (
            pytest.raises(UserError, match=sentence),
            connection.connected(ClusterOptions(address)),
        ):
            pass
        assert (len(found.get('RAY_AUTH_TOKEN', '')) == 64) == (address == 'local')
