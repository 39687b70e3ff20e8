"""The web application: one request in, one answer out, nothing kept in between."""

from __future__ import annotations

from typing import Annotated

import gradio as gr
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from fanet_mmpose.errors import UserError
from fanet_mmpose.serve.finder import Choices, Finder
from fanet_mmpose.serve.page import CSS, build_page
from fanet_mmpose.serve.pictures import Limits
from fanet_mmpose.serve.shield import Shield
from fanet_mmpose.serve.uploads import Uploads

REFUSED = 422


def build_app(finder: Finder, uploads: Uploads) -> FastAPI:
    """The page at `/`, and ``POST /landmarks?model=…&detector=…&schema=…&name=…``.

    The body of a request is the encoded picture. The answer is `Finder`'s, or, with status 422,
    ``{"sentence": what is wrong, "html": ""}``. Gradio must be set to use the folder of `uploads`.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.post('/landmarks')
    async def landmarks(
        request: Request, choices: Annotated[Choices, Depends()], uploaded: str = ''
    ) -> JSONResponse:
        uploads.forget(uploaded)
        try:
            picture = await _read_body(request, finder.limits)
            return JSONResponse(await run_in_threadpool(finder, picture, choices))
        except UserError as error:
            return JSONResponse({'sentence': f'Error: {error}.', 'html': ''}, REFUSED)

    _mount_page(app, finder)
    app.add_middleware(Shield, uploads=uploads)
    return app


def _mount_page(app: FastAPI, finder: Finder) -> None:
    """Gradio with every service off that the page does not use."""
    gr.mount_gradio_app(
        app,
        build_page(finder),
        '/',
        footer_links=[],
        run_history=False,
        max_file_size=finder.limits.num_bytes,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        css=CSS,
    )


async def _read_body(request: Request, limits: Limits) -> bytes:
    """The body, read no further than the limit. Raises `UserError` if it is longer."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.num_bytes:
            raise limits.too_heavy()
    return bytes(body)
