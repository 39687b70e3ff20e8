"""A landmarker from a name, a folder, an address and the hub's cache; what is wrong is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from helpers.file_server import serving
from helpers.hub_cache import COMMIT, put_into_cache
from skimage import data

import fanet_mmpose
from fanet_mmpose import weights
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.landmarker import FaceLandmarker
from fanet_mmpose.inference.pretrained import from_pretrained
from fanet_mmpose.weights.checked import sha256

NAME = 'fanet_lite_300w'
BOX = [[178.0, 87, 272, 178]]


pytestmark = pytest.mark.usefixtures('cache')


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository without what only trainings need."""
    out = tmp_path_factory.mktemp('repository') / NAME
    out.mkdir()
    shutil.copyfile(weights.find(NAME), out / 'model.onnx')
    file = {'sha256': sha256(out / 'model.onnx'), 'size': (out / 'model.onnx').stat().st_size}
    about = {'format': 1, 'name': NAME, 'files': {'model.onnx': file}}
    (out / 'config.json').write_text(json.dumps(about))
    return out


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client's cache, empty."""
    constants = pytest.importorskip('huggingface_hub.constants')
    monkeypatch.setattr(constants, 'HF_HUB_CACHE', str(tmp_path / 'hub'))
    return tmp_path / 'hub'


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with serving(folder.parent) as address:
        yield address


def points(find: FaceLandmarker) -> np.ndarray:
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return find.find([image], [BOX])[0][0].points


def test_a_name_and_a_folder(folder: Path) -> None:
    auto = points(FaceLandmarker(NAME))
    assert np.array_equal(points(from_pretrained(NAME, offline=True)), auto)
    expected = points(FaceLandmarker(NAME, backend='onnx'))
    assert np.array_equal(points(from_pretrained(NAME, backend='onnx')), expected)
    assert np.array_equal(points(fanet_mmpose.from_pretrained(folder, detector='haar')), expected)
    assert np.array_equal(points(from_pretrained(str(folder / 'model.onnx'))), expected)


def test_an_address_is_fetched_once(folder: Path, address: str, cache: Path) -> None:
    expected = points(FaceLandmarker(NAME, backend='onnx'))
    assert np.array_equal(points(from_pretrained(f'{address}/{NAME}/')), expected)
    assert np.array_equal(points(from_pretrained(f'{address}/{NAME}', offline=True)), expected)
    (stored,) = cache.rglob('model.onnx')
    stored.write_bytes(b'half')
    with pytest.raises(UserError, match='offline nothing is fetched'):
        from_pretrained(f'{address}/{NAME}', offline=True)
    assert np.array_equal(points(from_pretrained(f'{address}/{NAME}')), expected)


def test_the_hub_through_its_own_client(folder: Path, hub: Path) -> None:
    put_into_cache(folder, 'someone/lite', hub)
    expected = points(FaceLandmarker(NAME, backend='onnx'))
    for revision in (None, 'main', COMMIT):
        found = points(from_pretrained('someone/lite', revision, offline=True))
        assert np.array_equal(found, expected)
    with pytest.raises(UserError, match="someone/lite@v9: is not in huggingface_hub's cache"):
        from_pretrained('someone/lite', 'v9', offline=True)
    with pytest.raises(UserError, match='nobody/lite: is not in .*offline nothing is fetched'):
        from_pretrained('nobody/lite', offline=True)
    with pytest.raises(UserError, match='has no model.int8.onnx: use backend onnx'):
        from_pretrained('someone/lite', offline=True, backend='onnx-int8')


def test_the_hub_without_a_network(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def snapshot_download(*_: object, **__: object) -> None:
        raise ConnectionError('no route to host')

    monkeypatch.setattr(huggingface_hub, 'snapshot_download', snapshot_download)
    with pytest.raises(UserError, match=r'someone/lite: cannot .* is there a network\?'):
        from_pretrained('someone/lite')


def test_the_hub_without_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__('sys').modules, 'huggingface_hub', None)
    with pytest.raises(UserError, match='huggingface_hub is missing: pip install'):
        from_pretrained('someone/lite')


def test_what_is_no_model(folder: Path, address: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='no weights are called .nobody.'):
        from_pretrained('nobody')
    with pytest.raises(UserError, match='has no config.json: name a folder'):
        from_pretrained(tmp_path)
    with pytest.raises(UserError, match='the server says 404'):
        from_pretrained(f'{address}/nothing')
    with pytest.raises(UserError, match='only a model of the hub, owner/name, has a revision'):
        from_pretrained(NAME, 'main')
    with pytest.raises(UserError, match='is unknown; one of auto, onnx'):
        from_pretrained(NAME, backend='tpu')


@pytest.mark.parametrize('content', ['', '[]', '{"format": 2}', '{"format": 1, "name": "a"}'])
def test_configs_that_are_none(content: str, tmp_path: Path) -> None:
    (tmp_path / 'config.json').write_text(content)
    with pytest.raises(UserError, match='its config.json is none of this package'):
        from_pretrained(tmp_path)


def test_a_damaged_folder(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / 'copy')
    (tmp_path / 'copy' / 'model.onnx').write_bytes(b'abc')
    with pytest.raises(UserError, match='model.onnx: is damaged.*fetch the folder again'):
        from_pretrained(tmp_path / 'copy')
    (tmp_path / 'copy' / 'model.onnx').unlink()
    with pytest.raises(UserError, match='model.onnx: is missing'):
        from_pretrained(tmp_path / 'copy')


@pytest.mark.parametrize(
    ('model', 'said'),
    [
        ('', "'' is no name of a model"),
        (5, '5 is no name of a model'),
        ('./gone', r'\./gone: there is no such folder'),
        ('../gone/deeper', 'there is no such folder'),
        ('C:\\models\\lite', 'there is no such folder'),
        ('ftp://example.org/lite', 'from http:// and https:// alone'),
        ('fanet_litte', 'no weights are called'),
    ],
)
def test_what_people_type(model: str, said: str) -> None:
    """No other network is asked for what cannot be a name of its hub."""
    with pytest.raises(UserError, match=said):
        from_pretrained(model)
