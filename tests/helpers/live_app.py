"""An ASGI application behind a real socket, as the page's server runs it, in a thread."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from fanet_mmpose.serve.limits import Limits


@contextlib.contextmanager
def live(app: Any, limits: Limits) -> Iterator[tuple[str, int]]:
    """Host and port of the running application; skips the test where uvicorn is missing."""
    uvicorn = pytest.importorskip('uvicorn')
    from fanet_mmpose.serve.http_server import AnnouncingServer
    from fanet_mmpose.serve.server import build_config

    started = threading.Event()
    server = AnnouncingServer(build_config(app, limits), started.set, lambda: None)
    server.install_signal_handlers = lambda: None
    assert isinstance(server, uvicorn.Server)
    with socket.create_server(('127.0.0.1', 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert started.wait(60)
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join(30)


def talk(address: tuple[str, int], sent: bytes, hang_up: bool = False) -> bytes:
    """Send these bytes and give back all that comes until the server closes."""
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(sent)
        return b'' if hang_up else b''.join(iter(lambda: client.recv(65536), b''))


def head(method: str, path: str, *lines: str) -> bytes:
    """A request's head as bytes, closing after the answer."""
    return '\r\n'.join([f'{method} {path} HTTP/1.1', *lines, 'Connection: close', '', '']).encode()
