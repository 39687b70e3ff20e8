"""Bodies of requests: whole, in time and bounded, before anything of the application runs."""

from __future__ import annotations

import asyncio

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanet_mmpose.serve.limits import FORM_BYTES, Limits


class HungUpError(Exception):
    """The visitor has gone before the body was there."""


class BodyReader:
    """ASGI middleware that hands a body on in one piece.

    A visitor who hangs up or sends too slowly never reaches the application: no half file is
    left and nothing is logged. Bytes over the limit are read and dropped, because a browser
    shows an answer only after it has sent everything.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app, self.limits = app, limits
        self.held = 0  # bytes of all requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        body = bytearray()
        try:
            reading = self._read(receive, body)
            refused = await asyncio.wait_for(reading, self.limits.body_seconds)
            if refused:
                await answer(*refused)(scope, receive, send)
            else:
                await self.app(scope, _replay(bytes(body), receive), send)
        except HungUpError:
            pass
        except asyncio.TimeoutError:
            await answer('the picture took too long to arrive', 408)(scope, receive, send)
        finally:
            self.held -= len(body)

    async def _read(self, receive: Receive, body: bytearray) -> tuple[str, int] | None:
        """Fill `body`; sentence and status where the request is refused."""
        refused = None
        more = True
        while more:
            message = await asyncio.wait_for(receive(), self.limits.idle_seconds)
            if message['type'] == 'http.disconnect':
                raise HungUpError
            chunk, more = message.get('body', b''), message.get('more_body', False)
            if len(body) + len(chunk) > self.limits.num_bytes + FORM_BYTES:
                refused = refused or (str(self.limits.too_heavy()), 413)
            elif self.held + len(chunk) > self.limits.num_bytes * self.limits.bodies:
                refused = refused or ('too many pictures at one time: try again in a moment', 503)
            if not refused:
                body += chunk
                self.held += len(chunk)
        return refused


def answer(sentence: str, status: int) -> Response:
    """A refusal as the page shows it."""
    content = {'sentence': f'Error: {sentence}.', 'html': ''}
    return JSONResponse(content, status, {'connection': 'close'})


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` of a request whose body has been read."""
    messages: list[Message] = [{'type': 'http.request', 'body': body, 'more_body': False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed
