"""What several tests of discovery use."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.tiny_discovery import write_discovery


@pytest.fixture
def tiny_config(tmp_path: Path) -> Path:
    """A config that trains two iterations, beside its data."""
    return write_discovery(tmp_path)
