"""What `fanet serve --static` writes and refuses; no browser here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fanet_mmpose.cli import main
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.serve import static_site
from fanet_mmpose.serve.static_site import RUNTIME_FILES, build_site
from fanet_mmpose.weights import find


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """Stands in for the npm package."""
    folder = tmp_path / 'package' / 'dist'
    folder.mkdir(parents=True)
    for name in RUNTIME_FILES:
        (folder / name).write_text(name)
    return folder.parent


def test_every_file_that_a_page_names_is_there(tmp_path: Path, runtime: Path) -> None:
    site = build_site(tmp_path / 'site', runtime=runtime)
    html, worker = ((site / name).read_text() for name in ('index.html', 'offline.js'))
    named = re.findall(r'(?:src|href)="([^":]+)"', html)
    named += [name for name in json.loads(re.search(r'FILES = (.*);', worker)[1]) if name != './']
    for script in site.glob('*.js'):
        named += re.findall(r"from '\./([^']+)'", script.read_text())
    assert {'main.js', 'geometry.js', 'landmarks.onnx', 'ort/ort.wasm.min.mjs'} <= set(named)
    assert all((site / name).is_file() for name in named)
    networks = (site / 'landmarks.onnx').stat().st_size + (site / 'face.onnx').stat().st_size
    assert networks <= 6e6


def test_scripts_name_no_other_server(tmp_path: Path, runtime: Path) -> None:
    site = build_site(tmp_path / 'site', runtime=runtime)
    for path in (*site.glob('*.js'), site / 'index.html', site / 'style.css'):
        assert '//' not in re.sub(r'(^|\s)// .*', '', path.read_text()), path


def test_the_version_changes_with_the_content(tmp_path: Path, runtime: Path) -> None:
    def version() -> str:
        site = build_site(tmp_path / 'site', runtime=runtime)
        return re.search("VERSION = '(.+)'", (site / 'offline.js').read_text())[1]

    first = version()
    assert version() == first
    (runtime / 'dist' / RUNTIME_FILES[0]).write_text('newer')
    assert version() != first


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / 'mine.txt').write_text('mine')
    with pytest.raises(UserError, match='holds other files'):
        build_site(tmp_path, runtime=runtime)
    assert (tmp_path / 'mine.txt').read_text() == 'mine'


def test_failures_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path
) -> None:
    out = tmp_path / 'new' / 'site'
    with pytest.raises(UserError, match='give an unpacked onnxruntime-web'):
        build_site(out, runtime=tmp_path)
    monkeypatch.setattr(static_site.shutil, 'which', lambda _: None)
    with pytest.raises(UserError, match='npm is missing.*--runtime'):
        build_site(out)
    with pytest.raises(UserError, match='no weights are called'):
        build_site(out, 'fanet_nothing', runtime)
    assert not list(out.parent.iterdir())


def test_npm_without_a_network_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / 'npm'
    npm.write_text('#!/bin/sh\necho "npm error network" >&2\nexit 1\n')
    npm.chmod(0o755)
    monkeypatch.setattr(static_site.shutil, 'which', lambda _: str(npm))
    with pytest.raises(UserError, match=r'cannot fetch onnxruntime-web \(npm error network\)'):
        build_site(tmp_path / 'site')


def test_npm_fills_a_folder_beside_a_relative_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path
) -> None:
    npm = tmp_path / 'npm'
    npm.write_text(f'#!/bin/sh\ntar -czf ort.tgz -C {runtime.parent} package\n')
    npm.chmod(0o755)
    monkeypatch.setattr(static_site.shutil, 'which', lambda _: str(npm))
    monkeypatch.chdir(tmp_path)
    site = build_site(Path('site'))
    assert (site / 'ort' / RUNTIME_FILES[0]).read_text() == RUNTIME_FILES[0]


def test_command_line(tmp_path: Path, runtime: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ['serve', '--static', str(tmp_path / 'site'), '--runtime', str(runtime)]
    with pytest.raises(SystemExit, match='0'):
        main([*arguments, '--model', 'fanet_lite_300w'])
    assert 'http.server -b 127.0.0.1' in capsys.readouterr().out
    config = json.loads((tmp_path / 'site' / 'config.json').read_text())
    model = OnnxModel(find('fanet_lite_300w'), threads=1)
    assert config['landmarker']['size'] == model.info.input_size[0]
    with pytest.raises(SystemExit, match='2'):
        main([*arguments, '--model', 'fanet_lite_300w', 'fanet_300w'])
    assert 'one model' in capsys.readouterr().err
