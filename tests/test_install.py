"""Both kinds of install carry the recipes, and `fanet_mmpose::…` is a base from anywhere."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

from helpers.environments import bare_python, pip

from fanet_mmpose.weights.manifest import read_manifest

LARGEST_WHEEL = 12e6  # bytes: people install it for one network and its detector
PROBE = """
import sys
from mmengine.config import Config
cfg = Config.fromfile(sys.argv[1], import_custom_modules=False)
import fanet_mmpose
print(fanet_mmpose.__file__)
print(cfg.marker, cfg.model.type, cfg.filename)
"""


def loaded_from(python: str, repo: Path, folder: Path) -> list[str]:
    """Load a config that inherits one of ours, in a folder that knows nothing of this one."""
    base = sorted(path.name for path in (repo / 'configs').glob('*.py'))[0]
    config = folder / 'mine.py'
    config.write_text(f"_base_ = ['fanet_mmpose::{base}']\nmarker = 7\n")
    environment = {key: value for key, value in os.environ.items() if key != 'PYTHONPATH'}
    done = subprocess.run(
        [python, '-c', PROBE, str(config)],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-2:]


def test_wheel_carries_code_recipes_tools_and_hook(wheel: Path, repo: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        str(path.relative_to(repo))
        for path in (repo / 'fanet_mmpose').rglob('*.py')
        if '.mim' not in path.parts
    }
    expected |= {
        f'fanet_mmpose/.mim/{path.relative_to(repo)}'
        for folder in ('configs', 'tools')
        for path in (repo / folder).rglob('*.py')
    }
    weights = repo / 'fanet_mmpose' / 'weights'
    published = read_manifest(weights).values()
    expected |= {f'fanet_mmpose/weights/{file.path}' for file in published if file.in_wheel}
    expected |= {str(path.relative_to(repo)) for path in weights.rglob('*.yml')}
    expected |= {'fanet_mmpose/weights/manifest.json'}
    expected |= {f'fanet_mmpose/serve/page.{suffix}' for suffix in ('css', 'js')}
    expected |= {'fanet_mmpose/.mim/model-index.yml', 'fanet_mmpose.pth'}
    assert not expected - names
    assert not [name for name in names if name.startswith(('tests', 'tools', 'configs'))]
    left_out = {f'fanet_mmpose/weights/{file.path}' for file in published if not file.in_wheel}
    assert not left_out & names
    assert wheel.stat().st_size < LARGEST_WHEEL


def test_wheel_asks_for_neither_torch_nor_mmcv(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith('METADATA'))
    needs = [
        line.split(': ')[1]
        for line in archive.read(name).decode().splitlines()
        if line.startswith('Requires-Dist') and 'extra ==' not in line
    ]
    names = {need.split('>')[0].split('<')[0] for need in needs}
    assert 'numpy' in names
    assert not [name for name in names if name.startswith(('torch', 'mm', 'onedl', 'xtcoco'))]


def test_installed_wheel_is_a_base_from_anywhere(wheel: Path, repo: Path, tmp_path: Path) -> None:
    python = bare_python(tmp_path / 'env')
    pip('install', '--no-deps', wheel, python=python)
    origin, told = loaded_from(python, repo, tmp_path)
    assert origin.startswith(str(tmp_path / 'env'))
    assert told.startswith('7 ')


def test_editable_install_is_a_base_from_anywhere(source: Path, repo: Path, tmp_path: Path) -> None:
    python = bare_python(tmp_path / 'env')
    pip('install', '--no-deps', '--no-build-isolation', '-e', source, python=python)
    mim = source / 'fanet_mmpose' / '.mim'
    carried = {'configs', 'demo', 'tools', 'model-index.yml', 'dataset-index.yml'}
    assert {path.name for path in mim.iterdir()} == carried
    assert (mim / 'configs').resolve() == source / 'configs'
    origin, told = loaded_from(python, repo, tmp_path)
    assert origin.startswith(str(source))
    assert told.startswith('7 ')


def test_setup_imports_nothing_heavy_and_stays_short(repo: Path) -> None:
    text = (repo / 'setup.py').read_text()
    assert len(text.splitlines()) <= 64
    assert 'import torch' not in text


def test_no_recipe_hides_mmposes_own_metainfo(repo: Path) -> None:
    """MMPose looks for `configs/_base_/datasets/*.py` in the current folder before its own."""
    assert not (repo / 'configs' / '_base_' / 'datasets').exists()


def test_a_model_that_the_wheel_does_not_carry(wheel: Path, repo: Path, tmp_path: Path) -> None:
    """One sentence with the way out, which works."""
    python = bare_python(tmp_path / 'env')
    pip('install', '--no-deps', wheel, python=python)
    environment = {key: value for key, value in os.environ.items() if key != 'PYTHONPATH'}
    environment['FANET_CACHE'] = str(tmp_path / 'cache')

    def fanet(*arguments: object) -> subprocess.CompletedProcess:
        command = [python, '-m', 'fanet_mmpose', *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    detect = ('detect', repo / 'demo', '--no-pictures', '-o', tmp_path / 'out', '--model')
    refused = fanet(*detect, 'fanet_300w')
    assert refused.returncode == 2
    assert refused.stderr.startswith(
        'error: fanet_300w.int8.onnx: is missing here: run `fanet models'
    )
    assert fanet(*detect, 'fanet_lite_300w', '--backend', 'onnx-int8').returncode == 0
    source = repo / 'fanet_mmpose' / 'weights'
    got = fanet('models', '--get', 'fanet_300w', '--source', source)
    assert got.returncode == 0, got.stderr
    assert fanet(*detect, 'fanet_300w').returncode == 0
