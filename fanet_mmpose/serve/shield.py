"""What of Gradio's server can be reached from outside: what the page needs, nothing else."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanet_mmpose.serve.uploads import Uploads

OPEN = (
    '/',
    '/landmarks',
    '/theme.css',
    '/favicon.ico',
    '/gradio_api/upload',
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


class Shield:
    """ASGI middleware. The page's own uploads are the only files served.

    Gradio's other routes (its event queue, remote files, proxies, saved sessions) answer 404:
    the page asks `/landmarks` instead, which keeps nothing.
    """

    def __init__(self, app: ASGIApp, uploads: Uploads) -> None:
        self.app, self.uploads = app, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'lifespan':
            await self.app(scope, receive, send)
        elif scope['type'] == 'http' and self.is_open(scope['path']):
            await self.app(scope, receive, _with_headers(send))
        elif scope['type'] == 'http':
            await PlainTextResponse('there is no such page', 404)(scope, receive, send)

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
