"""OpenMMLab's package manager finds, trains, tests and runs what the wheel carries.

openmim 0.3.9 is installed into an environment of its own, because it pins old versions of what
others need. onedl-mim 0.5.1 looks for the package in the folder that holds its metadata joined
with the distribution's name in another spelling, finds nothing for a wheel (MMPose's own included),
and is not tested.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from helpers.environments import bare_python, pip

SMALL = (
    'train_dataloader.dataset.num_samples=16',
    'val_dataloader.dataset.num_samples=4',
    'test_dataloader.dataset.num_samples=4',
    'train_cfg.max_epochs=1',
    'train_cfg.val_interval=1',
    *(f'{part}_dataloader.num_workers=0' for part in ('train', 'val', 'test')),
    *(f'{part}_dataloader.persistent_workers=False' for part in ('train', 'val')),
)


@pytest.fixture(scope='module')
def mim(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `mim` command of an environment that has the wheel; skipped without a network."""
    pytest.importorskip('mmpose')
    python = bare_python(tmp_path_factory.mktemp('mim') / 'env')
    try:
        pip('install', 'openmim==0.3.9', 'setuptools<81', python=python)
    except AssertionError as error:
        pytest.skip(f'openmim cannot be installed here: {str(error)[-200:]}')
    pip('install', '--no-deps', '--force-reinstall', wheel, python=python)
    return Path(python).parent / 'mim'


def run(mim: Path, folder: Path, *arguments: object) -> str:
    done = subprocess.run(
        [str(mim), *map(str, arguments)], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr


def test_search_lists_the_shipped_models(mim: Path, tmp_path: Path, repo: Path) -> None:
    said = run(mim, tmp_path, 'search', 'fanet_mmpose')
    files = yaml.safe_load((repo / 'model-index.yml').read_text())['Import']
    models = [m for name in files for m in yaml.safe_load((repo / name).read_text())['Models']]
    assert len(models) >= 6
    assert all(model['Name'] in said for model in models)
    wide = run(mim, tmp_path, 'search', 'fanet_mmpose', '--field', '300w/nme', 'input_size')
    assert '128x128' in wide


def test_train_and_test_by_name(mim: Path, tmp_path: Path) -> None:
    config = 'fanet_lite_synthetic_demo.py'
    common = ('--gpus', '0', '--work-dir', tmp_path / 'work', '--cfg-options', *SMALL)
    run(mim, tmp_path, 'train', 'fanet_mmpose', config, *common)
    checkpoint = next((tmp_path / 'work').glob('epoch_1.pth'))
    said = run(mim, tmp_path, 'test', 'fanet_mmpose', config, '--checkpoint', checkpoint, *common)
    assert 'NME' in said


def test_run_calls_a_tool(mim: Path, tmp_path: Path) -> None:
    tool = 'dataset_converters:make_synthetic'
    options = ('--num', 1, '--splits', 'train', '--image-size', 96, '--out', 'drawn')
    run(mim, tmp_path, 'run', 'fanet_mmpose', tool, *options)
    assert (tmp_path / 'drawn' / 'annotations' / 'train.json').is_file()
