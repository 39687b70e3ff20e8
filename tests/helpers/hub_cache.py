"""A model's folder where huggingface_hub's client looks for what it has fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

COMMIT = '0123456789abcdef0123456789abcdef01234567'


def put_into_cache(folder: Path, name: str, cache: Path) -> None:
    """As if `name` had been fetched at branch main; its commit is `COMMIT`."""
    place = cache / f'models--{name.replace("/", "--")}'
    shutil.copytree(folder, place / 'snapshots' / COMMIT)
    (place / 'refs').mkdir()
    (place / 'refs' / 'main').write_text(COMMIT)
