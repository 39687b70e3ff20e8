"""A tiny trained FANet, its config and its export."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.tiny_fanet import write_checkpoint, write_config


@pytest.fixture(scope='session')
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp('fanet') / 'tiny_300w.py')


@pytest.fixture(scope='session')
def checkpoint(config: Path) -> Path:
    return write_checkpoint(config, config.with_name('tiny.pth'))


@pytest.fixture(scope='session')
def exported(config: Path, checkpoint: Path) -> Path:
    from fanet_mmpose.deploy.export import export_onnx

    export_onnx(config, checkpoint, config.with_name('tiny.onnx'))
    return config.with_name('tiny.onnx')
