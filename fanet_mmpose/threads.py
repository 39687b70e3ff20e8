"""How many threads compute. Imports nothing heavy: it must run before NumPy and PyTorch do."""

from __future__ import annotations

import os

LOADER_WORKERS = 2  # what our recipes start
VARIABLE = 'OMP_NUM_THREADS'


def limit_threads(cores: int | None = None) -> None:
    """Leave two cores to the loader's workers, unless the user has chosen already.

    More threads than cores wait for each other at every operator. It is read once, at import.
    """
    cores = cores or os.cpu_count() or 1
    os.environ.setdefault(VARIABLE, str(max(1, cores - LOADER_WORKERS)))


def asked_threads() -> int:
    """What the user has set; 0 if nothing. ONNX Runtime itself does not read the variable."""
    text = os.environ.get(VARIABLE, '')
    return int(text) if text.isdecimal() else 0
