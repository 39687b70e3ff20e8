"""What the tests of `fanet annotate` ask of its output and of its processes."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from fanet_mmpose.corpus.part_reader import read_rows


def keys(out: Path) -> Counter:
    """How often each picture is in the output."""
    return Counter(Path(row['key']).name for row in read_rows(out, ('key',)))


def each_once(count: int) -> Counter:
    return Counter(f'{number:05d}.png' for number in range(count))


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def parts(out: Path) -> int:
    return len(list(out.glob('part-*')))


def children(process: subprocess.Popen) -> list[int]:
    path = Path(f'/proc/{process.pid}/task/{process.pid}/children')
    return list(map(int, path.read_text().split()))
