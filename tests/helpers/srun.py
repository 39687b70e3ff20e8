"""A stand-in for Slurm's `srun`: it runs what it is given, once for each task, on this machine."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

SRUN = """#!{python}
import json, os, subprocess, sys, time
words, options = sys.argv[1:], {{}}
while words[0].startswith('-'):
    name, _, value = words.pop(0).partition('=')
    options[name] = words.pop(0) if name == '-p' else value
with open(os.environ['SRUN_SEEN'], 'w') as seen:
    json.dump(options, seen)
count = int(options['--ntasks'])
shared = dict(os.environ, SLURM_NTASKS=str(count), SLURM_NNODES='1', SLURM_NODELIST='here')
tasks = [
    subprocess.Popen(words, env=dict(shared, SLURM_PROCID=str(i), SLURM_LOCALID=str(i)))
    for i in range(count)
]
codes = [None] * count
while None in codes:
    codes = [task.poll() for task in tasks]
    if any(codes) and '--kill-on-bad-exit' in options:
        for task in tasks:
            task.kill()
            task.wait()
        break
    time.sleep(0.1)
sys.exit(next((abs(code) for code in codes if code), 0))
"""


def write_srun(folder: Path) -> Path:
    """Write an executable `srun` into `folder`; its options go to the file $SRUN_SEEN."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'srun'
    path.write_text(SRUN.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
