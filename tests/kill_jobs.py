"""Kill `fanet annotate` at random moments and go on: `python tests/kill_jobs.py SOURCE…`.

Prints a JSON table: parts and rows after each SIGKILL, and what the last run left.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from helpers.blob_model import write_blob_model  # noqa: E402
from helpers.corpus import parts, wait_for  # noqa: E402

from fanet_mmpose.corpus.part_reader import read_rows  # noqa: E402


def counted(out: Path) -> dict[str, int]:
    """Rows, those that repeat another, and distinct inputs."""
    rows = Counter(
        (row['source'], row['key'], row['face'])
        for row in read_rows(out, ('source', 'key', 'face'))
    )
    return dict(
        parts=parts(out), rows=rows.total(), twice=rows.total() - len(rows),
        inputs=len({row[:2] for row in rows}),
    )  # fmt: skip


def kill_once(command: list[str], out: Path, seconds: float) -> dict[str, object]:
    """Start the job, and kill it so long after it has a manifest."""
    job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (out / '_fanet_manifest.sqlite').exists())
    time.sleep(seconds)
    job.kill()
    said = job.communicate()[1]  # its workers have ended, too
    return dict(after=round(seconds, 2), code=job.returncode, said=said, **counted(out))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('sources', nargs='+')
    parser.add_argument('--kills', type=int, default=10)
    parser.add_argument('--seconds', type=float, nargs=2, default=(2.0, 12.0), help='of a run')
    parser.add_argument('--workers', type=int, default=2)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--out', type=Path, help='write the table there, too')
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        model, out = write_blob_model(Path(name) / 'blob.onnx'), Path(name) / 'out'
        command = [
            sys.executable, '-m', 'fanet_mmpose', 'annotate', *options.sources, '-o', str(out),
            '--workers', str(options.workers), '--part-size', '8', '--model', str(model),
            '--detector', 'whole_image', '--passes', '1',
        ]  # fmt: skip
        kills = [
            kill_once(command, out, draw.uniform(*options.seconds)) for _ in range(options.kills)
        ]
        code = subprocess.run(command).returncode
        end = counted(out)
    table = json.dumps(dict(command=sys.argv[1:], kills=kills, code=code, end=end), indent=1)
    print(table)
    if options.out:
        options.out.write_text(f'{table}\n')
    raise SystemExit(code or end['twice'])


if __name__ == '__main__':
    main()
