"""A page that runs while the tests do, a photograph to give it, and a browser to look with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from helpers.browser import launched
from helpers.page_server import Server, start_server
from skimage import data


@pytest.fixture(scope='session')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Takes at most 1 MB and 1 megapixel."""
    arguments = ('--max-mb', '1', '--max-megapixels', '1')
    with start_server(tmp_path_factory.mktemp('serve'), *arguments) as started:
        yield started


@pytest.fixture(scope='session')
def astronaut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public-domain photograph as a file; one face."""
    path = tmp_path_factory.mktemp('photo') / 'astronaut.png'
    cv2.imwrite(str(path), cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR))
    return path


@pytest.fixture(scope='module')
def browser(astronaut: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Its camera sees the photograph."""
    video = tmp_path_factory.mktemp('camera') / 'camera.mjpeg'
    picture = cv2.imread(str(astronaut))[:384]
    video.write_bytes(cv2.imencode('.jpg', picture)[1].tobytes())
    with launched(video) as started:
        yield started
