"""The web application: the page at `/`, its endpoint, and what stands before both."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI

from fanet_mmpose.serve.endpoint import build_endpoint
from fanet_mmpose.serve.finder import Finder
from fanet_mmpose.serve.host_check import HostCheck
from fanet_mmpose.serve.page import CSS, build_page
from fanet_mmpose.serve.route_filter import RouteFilter
from fanet_mmpose.serve.uploads import Uploads


def build_app(finder: Finder, uploads: Uploads, hosts: HostCheck | None = None) -> FastAPI:
    """`build_endpoint` and Gradio's page. Gradio must be set to use the folder of `uploads`."""
    app = build_endpoint(finder, uploads)
    _mount_page(app, finder)
    app.add_middleware(RouteFilter, uploads=uploads, hosts=hosts or HostCheck())
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
