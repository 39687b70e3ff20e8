"""What the package weighs at commits: files, lines, tools, what training imports, import time.

`python projects/release/tools/count_house.py BEFORE HEAD --out house.json`

Counts come from `git archive` of each commit. The plugin is imported in a fresh process, after
MMPose; the commits take turns, so that what else the machine does falls on all.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median

from fanet_mmpose.errors import UserError, friendly_exit
from fanet_mmpose.files import write_json

IMPORT = """
import sys, time
import mmpose.apis, mmpose.models, mmpose.datasets, mmpose.evaluation
start = time.process_time()
import fanet_mmpose.plugin
print(time.process_time() - start)
print(len([name for name in sys.modules if name.split('.')[0] in ('fanet_mmpose', 'projects')]))
"""


def unpack(commit: str, folder: Path) -> Path:
    """The files of a commit below `folder`. Raises `UserError` if there is no such commit."""
    done = subprocess.run(['git', 'archive', commit], capture_output=True)
    if done.returncode:
        raise UserError(f'{commit}: {done.stderr.decode().strip()}')
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter='data')
    return folder


def count(root: Path) -> dict[str, int]:
    """What can be counted without running anything."""
    found = sorted((root / 'fanet_mmpose').rglob('*.py'))
    files = [path for path in found if '.mim' not in path.parts]
    return dict(
        package_files=len(files),
        package_lines=sum(len(path.read_text('utf-8').splitlines()) for path in files),
        tools_on_top=sum(path.is_file() for path in (root / 'tools').iterdir()),
        readme_words=len((root / 'README.md').read_text('utf-8').split()),
    )


def import_plugin(root: Path) -> tuple[float, int]:
    """CPU seconds of importing the plugin, and how many modules of ours that loads."""
    done = subprocess.run(
        [sys.executable, '-c', IMPORT], cwd=root, capture_output=True, text=True,
        env={'PYTHONPATH': str(root), 'OMP_NUM_THREADS': '1', 'PATH': '/usr/bin:/bin'},
    )  # fmt: skip
    if done.returncode:
        raise UserError(f'the plugin cannot be imported: {done.stderr.strip().splitlines()[-1]}')
    seconds, modules = done.stdout.split()[-2:]
    return float(seconds), int(modules)


@friendly_exit
def main(argv: list[str] | None = None) -> None:
    """Count, print, write."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('commits', nargs='+')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--out', type=Path, help='JSON file')
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        roots = {commit: unpack(commit, Path(folder) / commit) for commit in args.commits}
        rows = {commit: count(root) for commit, root in roots.items()}
        looks = [{c: import_plugin(root) for c, root in roots.items()} for _ in range(args.rounds)]
    for commit, row in rows.items():
        row['modules_of_training'] = looks[0][commit][1]
        row['import_cpu_s'] = round(median(look[commit][0] for look in looks), 3)
        print(commit, row)
    if args.out:
        command = f'python projects/release/tools/count_house.py {" ".join(args.commits)}'
        write_json(args.out, dict(command=command, commits=rows), indent=1)


if __name__ == '__main__':
    sys.exit(main())
