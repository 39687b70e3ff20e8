"""Over HTTP: what the page answers, what it refuses, and that it keeps nothing."""

from __future__ import annotations

import base64
import http.client
import json
import re
import struct
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import httpx
import numpy as np
import pytest
from helpers.page_server import Server

from fanet_mmpose.inference.landmarker import FaceLandmarker


def ask(server: Server, picture: bytes, **query: str) -> httpx.Response:
    return httpx.post(f'{server.url}/landmarks', params=query, content=picture, timeout=60)


def refusal(server: Server, picture: bytes, **query: str) -> str:
    """The one sentence of a refused request."""
    reply = ask(server, picture, **query)
    assert reply.status_code == 422
    answer = reply.json()
    assert set(answer) == {'sentence', 'html'} and not answer['html']
    assert answer['sentence'].startswith('Error: ') and '\n' not in answer['sentence']
    return answer['sentence']


def raw_get(server: Server, path: str) -> tuple[int, bytes]:
    """GET exactly this path: clients would tidy `..` up."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    connection.putrequest('GET', path)
    connection.endheaders()
    reply = connection.getresponse()
    return reply.status, reply.read()


def huge_png(side: int) -> bytes:
    """A few bytes that announce `side` × `side` pixels and then break off."""
    header = struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0)
    chunks = [(b'IHDR', header), (b'IDAT', zlib.compress(bytes(1000)))]
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_it_finds_what_the_library_finds(server: Server, astronaut: Path) -> None:
    answer = ask(server, astronaut.read_bytes(), name='astronaut.png').json()
    (expected,) = FaceLandmarker()(astronaut)
    (image,) = answer['landmarks']['images']
    assert image['image'] == 'astronaut.png'
    assert np.array(image['faces'][0]['points']) == pytest.approx(expected.points, abs=1e-3)
    assert answer['sentence'] == '1 face found in astronaut.png.'
    assert answer['html'].count('<circle') == 68


def test_pose_eyes_mouth_hidden_points_and_crop(server: Server, astronaut: Path) -> None:
    show = 'pose,eyes,mouth,visibility,crop'
    answer = ask(server, astronaut.read_bytes(), show=show, schema='5', name='a<b.png').json()
    (expected,) = FaceLandmarker()(astronaut)
    (face,) = answer['landmarks']['images'][0]['faces']
    assert face['pose']['yaw'] == pytest.approx(expected.pose().yaw, abs=0.01)
    assert face['eyes']['left']['value'] == pytest.approx(expected.eyes.left.value, abs=0.01)
    assert face['mouth']['value'] == pytest.approx(expected.mouth.value, abs=0.01)
    (crop,) = answer['crops']
    encoded = base64.b64decode(crop.removeprefix('data:image/png;base64,'))
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    assert (decoded == expected.align().crop(cv2.imread(str(astronaut)))).all()
    html = answer['html']
    assert html.count('class="axis"') == 3 and crop in html and 'a<b' not in html
    for text in ('yaw ', 'eyes ', 'mouth ', 'probably hidden 0 of 5 points'):
        assert text in html


def test_nothing_more_than_was_asked_for(server: Server, astronaut: Path) -> None:
    answer = ask(server, astronaut.read_bytes(), show='crop').json()
    assert 'pose' not in answer['landmarks']['images'][0]['faces'][0]
    assert (
        'yaw ' not in answer['html'] and len(answer['crops']) == 1
    )  # the picture's base64 has no blank


def test_choices(server: Server, astronaut: Path) -> None:
    picture = astronaut.read_bytes()
    answer = ask(server, picture, schema='5', detector='whole_image').json()
    faces = answer['landmarks']['images'][0]['faces']
    assert all(np.array(face['points']).shape == (5, 2) for face in faces)


@pytest.mark.parametrize(
    ('query', 'said'),
    [
        ({'model': '/etc/passwd'}, "'/etc/passwd' cannot be picked"),
        ({'model': 'gone.onnx'}, 'cannot be picked'),
        ({'detector': 'precomputed:/etc/passwd'}, 'cannot be picked'),
        ({'schema': '17'}, 'cannot be picked'),
        ({'show': 'pose,age'}, "'age' cannot be picked here; one or more of pose, eyes"),
    ],
)
def test_only_what_the_page_offers_can_be_picked(
    server: Server, astronaut: Path, query: dict[str, str], said: str
) -> None:
    assert said in refusal(server, astronaut.read_bytes(), **query)


@pytest.mark.parametrize(
    ('picture', 'said'),
    [
        (b'', 'damaged or no picture'),
        (b'no picture at all', 'damaged or no picture'),
        (b'GIF89a', 'damaged or no picture'),
        (huge_png(30_000), 'more than 1 megapixels'),
        (huge_png(1_001), 'more than 1 megapixels'),
        (huge_png(500), 'damaged or no picture'),
        (bytes(1_000_001), 'larger than 1 MB'),
    ],
    ids=('empty', 'text', 'cut gif', 'bomb', 'too large', 'cut png', 'too heavy'),
)
def test_bad_pictures_are_one_sentence(server: Server, picture: bytes, said: str) -> None:
    assert said in refusal(server, picture)


@pytest.mark.parametrize(
    'path',
    [
        '/gradio_api/file=/etc/passwd',
        '/gradio_api/file=../../../../etc/passwd',
        '/gradio_api/file=%2Fetc%2Fpasswd',
        '/gradio_api/file=..%2f..%2f..%2fetc%2fpasswd',
        '/gradio_api/file=%252Fetc%252Fpasswd',
        '/gradio_api/file=file:///etc/passwd',
        '/gradio_api/file={temporary}/../../../../etc/passwd',
        '/gradio_api/file={temporary}',
        '/gradio_api/file=%00',
        '/file=/etc/passwd',
        '/file/etc/passwd',
        '/gradio_api/file/etc/passwd',
        '/static/../../../../../../../etc/passwd',
        '/static/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
        '/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
        '/assets//etc/passwd',
        '/../../etc/passwd',
        '//etc/passwd',
        '/static/',
        '/assets/',
    ],
)
def test_no_path_of_the_disk_can_be_reached(server: Server, path: str) -> None:
    status, body = raw_get(server, path.format(temporary=server.temporary))
    assert status in (400, 403, 404)
    assert b'root:' not in body


@pytest.mark.parametrize(
    'path',
    [
        'gradio_api/file=http://127.0.0.1/',
        'gradio_api/proxy=http://127.0.0.1/',
        'gradio_api/info',
        'config',
        'gradio_api/deep_link',
        'gradio_api/queue/data',
        'gradio_api/vibe-code',
        'monitoring',
        'docs',
        'openapi.json',
    ],
)
def test_the_rest_of_gradio_is_closed(server: Server, path: str) -> None:
    assert httpx.get(f'{server.url}/{path}').status_code == 404


@pytest.mark.parametrize('path', ['gradio_api/queue/join', 'gradio_api/run/predict', 'login'])
def test_gradios_own_events_are_closed(server: Server, path: str) -> None:
    """They would fetch any address that is sent to them, and keep what was sent."""
    body = {'data': [{'path': 'http://127.0.0.1/', 'meta': {'_type': 'gradio.FileData'}}]}
    assert httpx.post(f'{server.url}/{path}', json=body).status_code == 404


def upload(server: Server, name: str, content: bytes) -> httpx.Response:
    return httpx.post(f'{server.url}/gradio_api/upload', files={'files': (name, content)})


def test_nothing_is_kept(server: Server, astronaut: Path) -> None:
    picture = astronaut.read_bytes()
    (uploaded,) = upload(server, 'astronaut.png', picture).json()
    assert server.files() == [Path(uploaded)]
    assert httpx.get(f'{server.url}/gradio_api/file={uploaded}').content == picture
    assert ask(server, picture, uploaded=uploaded).status_code == 200
    assert not server.files()
    assert httpx.get(f'{server.url}/gradio_api/file={uploaded}').status_code == 404


def test_nothing_is_kept_of_a_bad_picture(server: Server) -> None:
    (uploaded,) = upload(server, '../../text.jpg', b'no picture').json()
    assert Path(uploaded).is_relative_to(server.temporary)
    refusal(server, b'no picture', uploaded=uploaded)
    assert not server.files()


def test_a_heavy_upload_is_refused(server: Server) -> None:
    assert upload(server, 'large.png', bytes(1_000_001)).status_code == 413
    assert not server.files()


def test_no_other_file_is_deleted(server: Server, astronaut: Path) -> None:
    for path in (astronaut, server.temporary, f'{server.temporary}/../../{astronaut.name}'):
        ask(server, b'', uploaded=str(path))
    assert astronaut.is_file() and server.temporary.is_dir()


def test_the_page_may_load_nothing_from_elsewhere(server: Server) -> None:
    reply = httpx.get(server.url)
    policy = reply.headers['content-security-policy']
    assert "default-src 'self'" in policy and 'http' not in policy
    assert reply.headers['cache-control'] == 'no-store'
    config = json.loads(re.search(r'window\.gradio_config = (\{.*?\});</script>', reply.text)[1])
    assert config['analytics_enabled'] is False
    assert not [event for event in config['dependencies'] if event['backend_fn']]


def test_another_sites_name_for_this_machine_is_refused(server: Server) -> None:
    for path in ('/', '/landmarks', f'/gradio_api/file={server.temporary}/a.png'):
        reply = httpx.get(f'{server.url}{path}', headers={'host': 'evil.example'})
        assert reply.status_code == 421 and '--allow-host' in reply.text


def test_another_sites_page_may_send_nothing(server: Server) -> None:
    headers = {'origin': 'https://evil.example'}
    assert httpx.post(f'{server.url}/landmarks', headers=headers).status_code == 421
    reply = httpx.post(
        f'{server.url}/gradio_api/upload', files={'files': ('a.png', b'a')}, headers=headers
    )
    assert reply.status_code == 421 and not server.files()


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert urlsplit(server.url).hostname == '127.0.0.1'
