"""`ray start` on 127.0.0.1, without the helper processes that report to a dashboard.

Ray replaces 127.0.0.1 by the address that other machines see, and listens there, open to all. And a
node ends itself unless its dashboard agent says within 15 s, which no option changes, on which
ports it listens: too soon for a busy machine. Here the files that say so are there before it.
"""

from __future__ import annotations

import inspect
from typing import Any

import ray._raylet as raylet
from ray._private import services
from ray.scripts.scripts import main

REPORTS = (
    raylet.METRICS_AGENT_PORT_NAME,
    raylet.METRICS_EXPORT_PORT_NAME,
    raylet.DASHBOARD_AGENT_LISTEN_PORT_NAME,
)
UNUSED = -1  # Ray's own sign
_start_raylet = services.start_raylet


def start_raylet(*arguments: Any, **options: Any) -> Any:
    """As Ray's."""
    given = inspect.signature(_start_raylet).bind(*arguments, **options).arguments
    for name in REPORTS:
        raylet.persist_port(given['session_dir'], given['node_id'], name, UNUSED)
    return _start_raylet(*arguments, **options)


services.start_raylet = start_raylet
services.is_localhost = lambda host: False
main()
