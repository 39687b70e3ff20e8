"""Environments of their own, to install the package into."""

from __future__ import annotations

import site
import subprocess
import sys
import venv
from pathlib import Path

NOT_COPIED = (
    '.git',
    '.venv',
    'data',
    'work_dirs',
    'build',
    'dist',
    '.mim',
    '__pycache__',
    '*.egg-info',
)


def pip(*arguments: object, python: str = sys.executable) -> None:
    command = [sys.executable, '-m', 'pip', '--python', python, '-q', *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def bare_python(folder: Path) -> str:
    """A new environment that sees this one's libraries, and not its install of FANet."""
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob('lib/python*/site-packages')
    (packages / 'deps.pth').write_text('\n'.join(site.getsitepackages()))
    return str(folder / 'bin' / 'python')
