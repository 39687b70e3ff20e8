"""What of Gradio's server can be reached from outside: what the page needs, nothing else."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanet_mmpose.serve.body_reader import answer
from fanet_mmpose.serve.host_check import HostCheck
from fanet_mmpose.serve.uploads import Uploads

UPLOAD = '/gradio_api/upload'
OPEN = (
    '/',
    '/landmarks',
    '/theme.css',
    '/favicon.ico',
    UPLOAD,
    '/gradio_api/upload_progress',
)
OPEN_BELOW = ('/assets/', '/static/')
FILE = '/gradio_api/file='
HEADERS = {
    # A page that loads nothing from elsewhere, whatever a later Gradio asks for.
    'content-security-policy': (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        "frame-ancestors 'none'; form-action 'none'; base-uri 'self'"
    ),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
}


class RouteFilter:
    """ASGI middleware. Requests meant for this page, and its own uploads as the only files.

    Gradio's other routes (its event queue, remote files, proxies, saved sessions) answer 404:
    the page asks `/landmarks` instead, which keeps nothing.
    """

    def __init__(self, app: ASGIApp, uploads: Uploads, hosts: HostCheck) -> None:
        self.app, self.uploads, self.hosts = app, uploads, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'lifespan':
            await self.app(scope, receive, send)
        elif scope['type'] == 'http':
            refused = self._refusal(scope)
            if refused:
                await refused(scope, receive, send)
            else:
                await self.app(scope, receive, _with_headers(send))
            if scope['path'] == UPLOAD:
                self.uploads.sweep()

    def _refusal(self, scope: Scope) -> Response | None:
        not_meant = self.hosts.refusal(scope['method'], scope['headers'])
        if not_meant:
            return PlainTextResponse(not_meant, 421, {'connection': 'close'})
        if not self.is_open(scope['path']):
            return PlainTextResponse('there is no such page', 404)
        if scope['path'] == UPLOAD and not self.uploads.has_room():
            return answer('too many pictures are waiting: try again in a minute', 503)
        return None

    def is_open(self, path: str) -> bool:
        """Whether a request for a path (decoded once, as ASGI has it) is let through."""
        if path.startswith(FILE):
            return self.uploads.owns(path.removeprefix(FILE))
        if '..' in PurePosixPath(unquote(path)).parts:
            return False
        return path in OPEN or path.startswith(OPEN_BELOW)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message['type'] == 'http.response.start':
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return send_with_headers
