"""What several packages of tests share: the built wheel, an empty cache of fetched files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.environments import NOT_COPIED, pip


@pytest.fixture(scope='session')
def source(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, because a build leaves files beside the sources."""
    copy = tmp_path_factory.mktemp('source') / 'repo'
    shutil.copytree(repo, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return copy


@pytest.fixture(scope='session')
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('wheel')
    pip('wheel', '--no-deps', '--no-build-isolation', '-w', folder, source)
    return next(folder.glob('*.whl'))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of fetched files, in an environment that lets files be fetched."""
    for name in ('FANET_OFFLINE', 'HF_HUB_OFFLINE', 'http_proxy', 'HTTP_PROXY'):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('FANET_CACHE', str(tmp_path / 'cache'))
    return tmp_path / 'cache'
