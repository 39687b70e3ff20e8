"""The page in a real browser, from the upload to the downloaded JSON.

With `FANET_SCREENSHOT=docs/page.png` in the environment it renews the picture of the docs.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.browser import WAIT
from helpers.page_server import Server

from fanet_mmpose.inference.landmarker import FaceLandmarker

sync_api = pytest.importorskip('playwright.sync_api')
WHOLE = '-0.5 -0.5 512 512'  # the view of the photograph
sync_api.expect.set_options(timeout=WAIT)


@pytest.fixture
def page(browser: sync_api.Browser, server: Server) -> Iterator[sync_api.Page]:
    """Opened, with an eye on whom it talks to and what goes wrong in it."""
    asked, wrong = [], []
    page = browser.new_page(viewport={'width': 1200, 'height': 900})
    page.set_default_timeout(WAIT)
    page.on('request', lambda request: asked.append(request.url))
    page.on('response', lambda reply: reply.status == 404 and wrong.append(reply.url))
    page.on('pageerror', lambda error: wrong.append(str(error)))
    page.goto(server.url)
    yield page
    page.close()
    assert asked and all(url.startswith((server.url, 'blob:', 'data:')) for url in asked)
    assert not wrong


def choose(page: sync_api.Page, picture: Path) -> None:
    page.set_input_files('#photo input[type=file]', picture)


def pick(page: sync_api.Page, label: str, option: str) -> None:
    page.get_by_label(label).click()
    page.get_by_role('option', name=option, exact=True).click()


def sentence(page: sync_api.Page, part: str) -> str:
    """What the page says, once it says this."""
    box = page.locator('#sentence textarea')
    sync_api.expect(box).to_have_value(re.compile(part))
    return box.input_value()


def drawn_points(page: sync_api.Page) -> np.ndarray:
    """[K, 2] px of the photograph, from the circles' places on the screen."""
    return np.array(
        page.locator('#result svg').evaluate(
            """svg => { const back = svg.getScreenCTM().inverse();
            return [...svg.querySelectorAll('circle')].map(circle => {
              const box = circle.getBoundingClientRect();
              const point = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
              const inside = point.matrixTransform(back); return [inside.x, inside.y]; }); }"""
        )
    )


def test_upload_points_download(
    page: sync_api.Page, server: Server, astronaut: Path, tmp_path: Path
) -> None:
    choose(page, astronaut)
    sentence(page, '1 face found in astronaut.png')
    (expected,) = FaceLandmarker()(astronaut)
    assert drawn_points(page) == pytest.approx(expected.points, abs=0.5)
    with page.expect_download() as download:
        page.get_by_text('Download JSON').click()
    assert download.value.suggested_filename == 'astronaut.json'
    download.value.save_as(tmp_path / 'found.json')
    (image,) = json.loads((tmp_path / 'found.json').read_text())['images']
    assert np.array(image['faces'][0]['points']) == pytest.approx(expected.points, abs=1e-3)
    assert not server.files()
    assert not (server.temporary / '.gradio').exists()


def test_choices_are_followed_without_another_upload(
    page: sync_api.Page, server: Server, astronaut: Path, tmp_path: Path
) -> None:
    choose(page, astronaut)
    sentence(page, '1 face')
    label = page.locator('#result text').first
    assert not label.is_visible()
    page.get_by_label('Numbers').check()
    sync_api.expect(label).to_be_visible()
    page.get_by_label('Close-up').check()
    sync_api.expect(page.locator('#result svg')).not_to_have_attribute('viewBox', WHOLE)
    sync_api.expect(label).to_be_visible()
    for name in ('Head pose', 'Eyes and mouth'):
        page.get_by_label(name).check()
    sync_api.expect(page.locator('#result')).to_contain_text('mouth')
    sync_api.expect(page.locator('#result .axis')).to_have_count(3)
    shot = Path(os.environ.get('FANET_SCREENSHOT', tmp_path / 'page.png'))
    page.screenshot(path=shot, full_page=True)
    assert cv2.imread(str(shot)).std() > 20  # something is on it
    pick(page, 'Points', '5')
    sync_api.expect(page.locator('#result circle')).to_have_count(5)


def test_pose_and_crop_on_request(page: sync_api.Page, astronaut: Path, tmp_path: Path) -> None:
    choose(page, astronaut)
    sentence(page, '1 face')
    assert not page.locator('#result .axis, #result img').count()
    page.get_by_label('Head pose').check()
    sync_api.expect(page.locator('#result .axis')).to_have_count(3)
    page.get_by_label('Aligned crop').check()
    with page.expect_download() as download:
        page.locator('#result img').click()
    assert download.value.suggested_filename == 'astronaut_0.png'
    download.value.save_as(tmp_path / 'crop.png')
    assert cv2.imread(str(tmp_path / 'crop.png')).shape == (112, 112, 3)


def test_a_file_that_is_no_picture(page: sync_api.Page, server: Server, tmp_path: Path) -> None:
    bad = tmp_path / 'text.jpg'
    bad.write_text('no picture')
    choose(page, bad)
    assert sentence(page, '^Error') == (
        'Error: the file is damaged or no picture: send a JPEG, PNG or WebP.'
    )
    assert not page.locator('#result circle').count()
    assert not server.files()


def test_a_file_that_is_too_heavy(page: sync_api.Page, server: Server, tmp_path: Path) -> None:
    heavy = tmp_path / 'heavy.png'
    heavy.write_bytes(bytes(1_000_001))
    choose(page, heavy)
    sync_api.expect(page.get_by_text('maximum allowed size')).to_be_visible()
    assert not server.files()


def test_the_camera(page: sync_api.Page, server: Server) -> None:
    page.get_by_label('Capture from camera').click()
    page.get_by_text('Click to Access Webcam').click()
    page.get_by_label('capture photo').click()
    sentence(page, '1 face found')
    assert page.locator('#result circle').count() == 68
    assert not server.files()
