"""Chromium for the tests of the pages, with a camera that shows a given picture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ('chromium', 'chromium-browser', 'google-chrome')
FLAGS = (
    '--disable-background-networking',  # its own look-ups, not the page's
    '--disable-component-update',
    '--disable-sync',
    '--use-fake-ui-for-media-stream',  # grants the camera
    '--use-fake-device-for-media-stream',
)
WAIT = 120_000  # ms, for a machine that is busy with other things


@contextmanager
def launched(video: Path) -> Iterator[Any]:
    """Playwright's browser, whose camera plays `video`; skips where either is missing."""
    sync_api = pytest.importorskip('playwright.sync_api')
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        pytest.skip('this machine has no Chromium: apt install chromium')
    flags = [*FLAGS, f'--use-file-for-fake-video-capture={video}']
    if os.geteuid() == 0:
        flags.append('--no-sandbox')  # Chromium's does not work for root
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()
