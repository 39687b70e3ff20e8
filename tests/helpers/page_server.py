"""A running page, as `fanet serve` starts it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Server:
    """`url` without a slash at its end; `temporary`: where the process makes its folders."""

    url: str
    temporary: Path
    process: subprocess.Popen

    def files(self) -> list[Path]:
        """Every file it keeps at the moment."""
        return [path for path in self.temporary.rglob('*') if path.is_file()]


@contextlib.contextmanager
def start_server(temporary: Path, *arguments: str) -> Iterator[Server]:
    """`fanet serve` on a free port, stopped at the end; skips the test where Gradio is missing."""
    pytest.importorskip('gradio')
    process = subprocess.Popen(
        [sys.executable, '-m', 'fanet_mmpose', 'serve', '--port', '0', *arguments],
        env={**os.environ, 'TMPDIR': str(temporary)},
        cwd=temporary, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        url = re.match(r'http://\S+', line)
        assert url, f'it did not start: {line!r}'
        yield Server(url[0], temporary, process)
    finally:
        process.terminate()
        process.wait(60)
