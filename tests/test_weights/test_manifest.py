"""The list of published files: what is written is read, and only what changed changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.manifest import files_of, read_manifest, refresh_manifest

# https://www.di-mgt.com.au/sha_testvectors.html: SHA-256 of "abc".
DIGEST = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'detectors').mkdir()
    for name in ('lite.onnx', 'lite.int8.onnx', 'lite_v1.pth', 'detectors/face.onnx', 'lite.yml'):
        (tmp_path / name).write_bytes(b'abc')
    return tmp_path


def test_what_is_written_is_read(folder: Path) -> None:
    written = refresh_manifest(folder, ('lite.onnx',))
    assert read_manifest(folder) == written
    assert set(written) == {'lite.onnx', 'lite.int8.onnx', 'lite_v1.pth', 'face.onnx'}
    face = written['face.onnx']
    assert (face.path, face.sha256, face.size) == ('detectors/face.onnx', DIGEST, 3)
    assert [file.name for file in written.values() if file.in_wheel] == ['lite.onnx']
    assert set(files_of(written, 'lite')) == {'.onnx', '.int8.onnx'}
    assert read_manifest(folder / 'detectors') == {}


def test_an_address_is_of_one_file(folder: Path) -> None:
    refresh_manifest(folder, ('lite.onnx',))
    content = json.loads((folder / 'manifest.json').read_text())
    for file in content['files']:
        file['url'] = f'https://example.org/{file["path"]}'
    (folder / 'manifest.json').write_text(json.dumps(content))
    (folder / 'lite.onnx').write_bytes(b'abd')
    (folder / 'lite_v1.pth').unlink()
    after = refresh_manifest(folder)
    assert after['face.onnx'].url == 'https://example.org/detectors/face.onnx'
    assert (after['lite.onnx'].url, after['lite.onnx'].in_wheel) == ('', True)
    assert 'lite_v1.pth' not in after


@pytest.mark.parametrize('content', ['', '[]', '{"files": [{"path": "a"}]}', '{"files": [3]}'])
def test_manifests_that_are_none(content: str, tmp_path: Path) -> None:
    (tmp_path / 'manifest.json').write_text(content)
    with pytest.raises(UserError, match=r'manifest.json: is no manifest of weights'):
        read_manifest(tmp_path)
