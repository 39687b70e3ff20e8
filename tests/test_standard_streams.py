"""`| head`, and shells that close standard input, output or error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fanet_mmpose.standard_streams import NOBODY_READS

REPO = Path(__file__).resolve().parents[1]
FANET = f'{sys.executable} -m fanet_mmpose'
ENVIRONMENT = {**os.environ, 'PYTHONPATH': str(REPO)}


def shell(command: str, **streams: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ['sh', '-c', command], env=ENVIRONMENT, text=True, stdin=subprocess.DEVNULL, **streams
    )


@pytest.mark.parametrize(
    ('command', 'streams'),
    [
        ('models', ['stdout']),
        ('models', ['stdout', 'stderr']),
        ('detect nothing.jpg -o /dev/null', ['stderr']),
    ],
)
@pytest.mark.parametrize('unbuffered', ['', '1'])
def test_nobody_reads(command: str, streams: list[str], unbuffered: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    others = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
    done = shell(
        f'PYTHONUNBUFFERED={unbuffered} exec {FANET} {command}',
        **{**others, **dict.fromkeys(streams, writer)},
    )
    os.close(writer)
    assert done.returncode == NOBODY_READS
    assert not done.stderr


@pytest.mark.parametrize('closed', ['0<&-', '1>&-', '2>&-', '0<&- 1>&- 2>&-'])
def test_closed_streams(closed: str, tmp_path: Path) -> None:
    """A file that is opened then would get the number of one, and what is printed."""
    code = (
        'from fanet_mmpose.errors import UserError, friendly_exit\n'
        'import os, sys\n'
        '@friendly_exit\n'
        'def main():\n'
        f'    with open({str(tmp_path / "file")!r}, "w") as file:\n'
        '        number = file.fileno()\n'
        '        os.write(1, b"one")\n'
        '        os.write(2, b"two")\n'
        '    print("out")\n'
        '    sys.exit(0 if number > 2 else 3)\n'
        'main()\n'
    )
    (tmp_path / 'main.py').write_text(code)
    command = f'exec {closed}; exec {sys.executable} {tmp_path / "main.py"}'
    done = shell(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / 'file').read_text() == ''
    assert 'Traceback' not in done.stderr
