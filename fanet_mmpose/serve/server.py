"""`fanet serve`: from a command line to a running page."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from fanet_mmpose.errors import UserError
from fanet_mmpose.serve.limits import Limits
from fanet_mmpose.serve.own_folder import own_folder

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from fanet_mmpose.serve.uploads import Uploads

LOOPBACK = '127.0.0.1'
GRACE = 5  # seconds that open requests have when the server ends


@dataclass(frozen=True)
class ServeOptions:
    """Options of `fanet serve`.

    Attributes:
        host: address to listen on.
        port: 0 takes a free one.
        models: that visitors may choose; None: those that ship.
        limits: of visitors' requests.
        hosts: the names of `HostCheck`.
    """

    host: str = LOOPBACK
    port: int = 7860
    models: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)
    hosts: tuple[str, ...] = ()


def serve(options: ServeOptions) -> None:
    """Serve the page until Ctrl-C; uploads live in a temporary folder that goes with the server.

    Raises:
        UserError: Gradio is missing, the address cannot be used, or there is no such model.
    """
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with own_folder() as folder:
            _keep_gradio_private(str(folder))
            app, uploads = _build(options, folder)
            with _listen(options.host, options.port) as listener:
                _run(app, uploads, listener)
    finally:
        signal.signal(signal.SIGTERM, before)  # processes forked later would inherit ours


def _build(options: ServeOptions, folder: Path) -> tuple[FastAPI, Uploads]:
    try:
        from fanet_mmpose.serve.app import build_app
    except ImportError as error:
        raise UserError(
            f'the page needs Gradio ({error.name} is missing): pip install "gradio>=6,<7"'
        ) from error
    from fanet_mmpose.serve.finder import Finder
    from fanet_mmpose.serve.host_check import HostCheck
    from fanet_mmpose.serve.uploads import Uploads

    finder, uploads = Finder(options.models, options.limits), Uploads(folder, options.limits)
    return build_app(finder, uploads, HostCheck(options.hosts)), uploads


def _run(app: FastAPI, uploads: Uploads, listener: socket.socket) -> None:
    from fanet_mmpose.serve.http_server import AnnouncingServer

    address = listener.getsockname()[:2]
    config = build_config(app, uploads.limits)
    server = AnnouncingServer(config, lambda: _announce(*address), uploads.sweep)
    server.run([listener])
    if server.ended_by:
        _stop(server.ended_by, None)


def build_config(app: ASGIApp, limits: Limits) -> uvicorn.Config:
    """uvicorn's settings, with the bounds that it has for connections."""
    import uvicorn

    from fanet_mmpose.serve.http_server import patient_protocol

    return uvicorn.Config(
        app,
        http=patient_protocol(limits),
        log_level='warning',
        ws='none',
        limit_concurrency=limits.connections,
        # A browser that is slow to hang up must not keep the server from ending.
        timeout_graceful_shutdown=GRACE,
    )


def _keep_gradio_private(folder: str) -> None:
    """Gradio reads these when it is imported."""
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED='False',
        GRADIO_TEMP_DIR=folder,
        GRADIO_EXAMPLES_CACHE=folder,  # else a folder where the server was started
    )


def _stop(number: int, _: FrameType | None) -> None:
    """Leave in order: uvicorn repeats the signal once it is down, whose default is to be killed."""
    raise SystemExit(128 + number)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise UserError(
            f'{host}:{port}: cannot be listened on ({error}): choose another --host or --port'
        ) from error


def _announce(host: str, port: int) -> None:
    shown = f'[{host}]' if ':' in host else host
    print(f'http://{shown}:{port}  (Ctrl-C ends it)', flush=True)
    if not ipaddress.ip_address(host).is_loopback:
        print(
            'warning: whoever reaches this machine can use the page; it has no password and no TLS',
            file=sys.stderr,
            flush=True,
        )
