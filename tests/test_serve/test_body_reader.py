"""Over a real socket: what is too large, slow, many or gone never reaches the application."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.live_app import head, live, talk

pytest.importorskip('uvicorn')

from fanet_mmpose.serve.body_reader import BodyReader
from fanet_mmpose.serve.limits import FORM_BYTES, Limits

LIMITS = Limits(megabytes=1, bodies=2, connections=8, body_seconds=1.5, idle_seconds=0.5)
LARGEST = LIMITS.num_bytes + FORM_BYTES


class Echo:
    """Answers with the length of the body; notes every body that it has seen."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.go = threading.Event()
        self.go.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import PlainTextResponse

        if scope['type'] == 'http':
            message = await receive()
            self.seen.append(len(message['body']))
            await run_in_threadpool(self.go.wait, 20)
            content = b'x' * 20_000_000 if scope['path'] == '/large' else str(self.seen[-1])
            await PlainTextResponse(content)(scope, receive, send)


@pytest.fixture(scope='module')
def echo() -> Echo:
    return Echo()


@pytest.fixture(scope='module')
def reader(echo: Echo) -> BodyReader:
    return BodyReader(echo, LIMITS)


@pytest.fixture(scope='module')
def served(reader: BodyReader) -> Iterator[tuple[str, int]]:
    with live(reader, LIMITS) as address:
        yield address


@pytest.fixture
def address(
    served: tuple[str, int], echo: Echo, reader: BodyReader, caplog: pytest.LogCaptureFixture
) -> Iterator[tuple[str, int]]:
    """Checks at the end that nothing was logged and no byte is counted any more."""
    echo.seen.clear()
    with caplog.at_level(logging.ERROR):
        yield served
        assert b'200 OK' in talk(served, post(b'last'))
    assert reader.held == 0
    assert not caplog.records


def post(body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return head('POST', '/', 'Host: localhost', f'Content-Length: {size}') + body


def test_a_body_arrives_whole(address: tuple[str, int], echo: Echo) -> None:
    assert talk(address, post(bytes(LARGEST))).endswith(b'\r\n\r\n%d' % LARGEST)
    assert echo.seen == [LARGEST]


def test_one_byte_too_many_is_told(address: tuple[str, int], echo: Echo) -> None:
    reply = talk(address, post(bytes(LARGEST + 1)))
    assert b' 413 ' in reply and b'larger than 1 MB' in reply
    assert not echo.seen


@pytest.mark.parametrize('length', [10, LARGEST])
def test_who_hangs_up_is_forgotten(address: tuple[str, int], echo: Echo, length: int) -> None:
    talk(address, post(b'12345', length), hang_up=True)
    assert b'200' in talk(address, post(b'abc'))
    assert echo.seen == [3]


def test_who_falls_silent_is_told(address: tuple[str, int], echo: Echo) -> None:
    assert b' 408 ' in talk(address, post(b'12345', 10))
    assert not echo.seen


def test_who_drips_is_told(address: tuple[str, int], echo: Echo) -> None:
    """A byte now and then keeps no connection for ever."""
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(post(b'', 1000))
        reply, client_gone = b'', False
        for _ in range(40):
            client.settimeout(0.1)
            try:
                reply += client.recv(1000)
                break
            except TimeoutError:
                client.sendall(b'x')
        assert b' 408 ' in reply and not client_gone
    assert not echo.seen


@pytest.mark.parametrize('sent', [b'', b'POST / HT', b'GET / HTTP/1.1\r\nHost: loc'])
def test_half_a_head_is_cut(address: tuple[str, int], sent: bytes, echo: Echo) -> None:
    assert _until_closed(address, sent) == b''
    assert not echo.seen


def test_an_answer_that_nobody_reads_is_cut(address: tuple[str, int], echo: Echo) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(address)
        client.sendall(head('POST', '/large', 'Host: localhost', 'Content-Length: 0'))
        threading.Event().wait(1.5)
        with pytest.raises(ConnectionError):
            while client.recv(65536):
                pass
            raise ConnectionError('cut without a reset')
    assert echo.seen == [0]


def test_all_bodies_together_are_bounded(address: tuple[str, int], echo: Echo) -> None:
    """Two of the largest are in memory; the third is refused, not awaited."""
    echo.go.clear()
    replies: list[bytes] = []
    body = bytes(LIMITS.num_bytes)
    waiting = [
        threading.Thread(target=lambda: replies.append(talk(address, post(body)))) for _ in range(2)
    ]
    for thread in waiting:
        thread.start()
    while len(echo.seen) < 2:
        threading.Event().wait(0.01)
    assert b' 503 ' in talk(address, post(body))
    echo.go.set()
    for thread in waiting:
        thread.join(30)
    assert [b' 200 ' in reply for reply in replies] == [True, True]


def test_connections_are_bounded(address: tuple[str, int], echo: Echo) -> None:
    idle = [socket.create_connection(address) for _ in range(LIMITS.connections)]
    assert b' 503 ' in talk(address, post(b'abc'))
    for client in idle:
        client.close()
    threading.Event().wait(0.2)
    assert b' 200 ' in talk(address, post(b'abc'))


def _until_closed(address: tuple[str, int], sent: bytes) -> bytes:
    try:
        return talk(address, sent)
    except ConnectionResetError:
        return b''
