"""``POST /landmarks``: one picture in, one answer out, nothing kept in between."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from fanet_mmpose.errors import UserError
from fanet_mmpose.serve.body_reader import BodyReader, answer
from fanet_mmpose.serve.finder import Choices, Finder
from fanet_mmpose.serve.pictures import PixelBudget, count_pixels
from fanet_mmpose.serve.uploads import Uploads

REFUSED = 422


def build_endpoint(finder: Finder, uploads: Uploads) -> FastAPI:
    """``POST /landmarks?model=…&detector=…&schema=…&show=…&name=…``, see `Choices`.

    The body of a request is the encoded picture, bounded by `BodyReader`. The answer is `Finder`'s,
    or, with status 422, ``{"sentence": what is wrong, "html": ""}``.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pixels = PixelBudget(finder.limits.num_pixels)

    @app.post('/landmarks')
    async def landmarks(
        request: Request, choices: Annotated[Choices, Depends()], uploaded: str = ''
    ) -> Response:
        uploads.forget(uploaded)
        picture = await request.body()
        try:
            size = await run_in_threadpool(count_pixels, picture, finder.limits)
            async with pixels.hold(size):
                return JSONResponse(await run_in_threadpool(finder, picture, choices))
        except UserError as error:
            return answer(str(error), REFUSED)

    app.add_middleware(BodyReader, limits=finder.limits)
    return app
