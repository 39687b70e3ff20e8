"""The page without a server, in a real browser: its points, angles and camera against Python's."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.browser import WAIT

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.crop import crop_matrix
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.serve.static_site import build_site
from fanet_mmpose.weights import find

sync_api = pytest.importorskip('playwright.sync_api')


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Any static file server: it knows nothing of the page."""

    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        '.mjs': 'text/javascript',
    }

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the command itself, runtime included."""
    if shutil.which('npm') is None:
        pytest.skip('npm is missing, which brings ONNX Runtime for browsers')
    try:
        # In single precision every processor finds the same points.
        return build_site(tmp_path_factory.mktemp('static') / 'site', str(find('fanet_lite_300w')))
    except UserError as error:
        pytest.skip(str(error))


@pytest.fixture(scope='module')
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f'http://127.0.0.1:{server.server_port}/'
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: sync_api.Browser, address: str) -> Iterator[sync_api.Page]:
    """Opened and ready; it asks nobody but its own files."""
    asked, wrong = [], []
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    page.on('request', lambda request: asked.append(request.url))
    page.on('pageerror', lambda error: wrong.append(str(error)))
    page.goto(address)
    said(page, 'Ready')
    yield page
    page.close()
    assert all(url.startswith((address, 'blob:', 'data:')) for url in asked)
    assert not wrong


def said(page: sync_api.Page, part: str) -> str:
    """What the page says, once it says this."""
    box = page.locator('#sentence')
    sync_api.expect(box).to_contain_text(part, timeout=WAIT)
    return box.inner_text()


def faces(page: sync_api.Page) -> list[dict]:
    return json.loads(page.locator('#result').input_value())['faces']


def python_faces(site: Path, picture: Path) -> list:
    return FaceLandmarker(str(site / 'landmarks.onnx'), detector='blazeface')(picture)


def turned(picture: Path, folder: Path, angle: float) -> Path:
    """The photograph turned clockwise about its face."""
    image = cv2.imread(str(picture))
    matrix = crop_matrix(np.array([80.0, -20, 400, 300]), (480, 480), 1.5, -angle)
    path = folder / f'turned_{angle:.0f}.png'
    cv2.imwrite(str(path), cv2.warpAffine(image, matrix, (480, 480)))
    return path


def test_points_and_angles_are_pythons(page: sync_api.Page, site: Path, astronaut: Path) -> None:
    page.set_input_files('#file', astronaut)
    assert 'yaw' in said(page, '1 face')
    (found,), (expected,) = faces(page), python_faces(site, astronaut)
    np.testing.assert_allclose(found['points'], expected.points, atol=0.5)
    np.testing.assert_allclose(found['visibility'], expected.visibility, atol=0.05)
    pose = expected.pose()
    for name in ('yaw', 'pitch', 'roll'):  # parallel projection against perspective and shapes
        assert found['pose'][name] == pytest.approx(getattr(pose, name), abs=8)


def test_openness_axes_and_crop_on_request(
    page: sync_api.Page, site: Path, astronaut: Path, tmp_path: Path
) -> None:
    page.set_input_files('#file', astronaut)
    said(page, '1 face')
    assert 'eyes' not in faces(page)[0] and not page.locator('#aligned canvas').count()
    page.get_by_label('Eyes and mouth').check()
    said(page, 'mouth')
    (found,), (expected,) = faces(page), python_faces(site, astronaut)
    # A mean head here; Python's head has a shape of its own.
    for one, other in zip(found['eyes'].values(), vars(expected.eyes).values(), strict=True):
        assert one['value'] == pytest.approx(other.value, abs=0.25)
        assert one['sigma'] == pytest.approx(other.sigma, rel=0.2)
    assert found['mouth']['value'] == pytest.approx(expected.mouth.value, abs=0.05)
    plain = page.evaluate("document.getElementById('picture').toDataURL()")
    page.get_by_label('Axes of the head').check()
    assert page.evaluate("document.getElementById('picture').toDataURL()") != plain
    page.get_by_label('Aligned crops').check()
    with page.expect_download() as download:
        page.locator('#aligned canvas').click()
    download.value.save_as(tmp_path / 'crop.png')
    crop = cv2.imread(str(tmp_path / 'crop.png')).astype(float)
    reference = expected.align().crop(cv2.imread(str(astronaut)))
    assert np.abs(crop - reference).mean() < 3


def test_turned_faces_too(page: sync_api.Page, site: Path, astronaut: Path, tmp_path: Path) -> None:
    picture = turned(astronaut, tmp_path, 40)
    page.set_input_files('#file', picture)
    said(page, '1 face')
    (found,), (expected,) = faces(page), python_faces(site, picture)
    np.testing.assert_allclose(found['points'], expected.points, atol=0.5)
    assert found['pose']['roll'] == pytest.approx(expected.pose().roll, abs=8)


def test_a_large_photograph(
    page: sync_api.Page, site: Path, astronaut: Path, tmp_path: Path
) -> None:
    large = tmp_path / 'large.png'
    cv2.imwrite(str(large), cv2.resize(cv2.imread(str(astronaut)), (2500, 2500)))
    page.set_input_files('#file', large)
    said(page, '1 face')
    (found,), (expected,) = faces(page), python_faces(site, large)
    np.testing.assert_allclose(found['points'], expected.points, atol=0.5 * 2500 / 512)


def test_no_face_and_no_picture(page: sync_api.Page, tmp_path: Path) -> None:
    empty, text, nothing = (tmp_path / f'{name}.png' for name in ('empty', 'text', 'nothing'))
    cv2.imwrite(str(empty), np.full((200, 300, 3), 90, np.uint8))
    text.write_text('no picture')
    nothing.touch()
    page.set_input_files('#file', empty)
    said(page, 'no faces')
    assert page.locator('#save').is_hidden()
    for path in (text, nothing):
        page.set_input_files('#file', path)
        said(page, f'{path.name}: this browser cannot read it as a picture')


def test_the_camera_is_followed(page: sync_api.Page) -> None:
    page.locator('#camera').click()
    said(page, 'frames a second')
    (found,) = faces(page)
    assert len(found['points']) == 68
    page.get_by_text('Stop the camera').click()
    assert page.get_by_text('Use the camera').is_visible()


def test_it_opens_without_a_network(
    browser: sync_api.Browser, address: str, astronaut: Path
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate('() => navigator.serviceWorker.ready.then(() => undefined)')
    context.set_offline(True)
    page.reload()
    said(page, 'Ready')
    page.set_input_files('#file', astronaut)
    said(page, '1 face')
    context.close()


def test_what_is_not_there_is_one_sentence(browser: sync_api.Browser, address: str) -> None:
    page = browser.new_page()
    page.add_init_script('WebAssembly.validate = () => false')
    page.goto(address)
    said(page, 'no WebAssembly SIMD')
    page.close()
    page = browser.new_page()
    page.route('**/landmarks.onnx', lambda route: route.fulfill(status=404))
    page.goto(address)
    said(page, 'landmarks.onnx cannot be loaded (status 404): copy the whole folder')
    page.close()


def test_a_camera_that_is_refused(browser: sync_api.Browser, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        'navigator.mediaDevices.getUserMedia = async () => {'
        " throw new DOMException('no', 'NotAllowedError'); }"
    )
    page.goto(address)
    said(page, 'Ready')
    page.locator('#camera').click()
    said(page, 'The camera cannot be used (NotAllowedError): allow it, or choose a picture.')
    page.close()
