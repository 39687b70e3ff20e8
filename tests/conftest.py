"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope='session')
def repo() -> Path:
    """Root of the checkout."""
    return REPO


@pytest.fixture(scope='session')
def shared_dir() -> Path:
    """Real faces laid beside the checkout; tests that need them are skipped elsewhere."""
    folder = REPO.parent / 'shared'
    if not (folder / 'data').is_dir():
        pytest.skip('real face data is not beside this checkout')
    return folder
