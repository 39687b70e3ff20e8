"""Train and score one entry in child processes; resume what was interrupted."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import torch

from fanet_mmpose.errors import UserError
from projects.arena.entry import Entry
from projects.arena.row import Row, describe, read_row, write_row

# Split of a table -> (folder of the faces, annotation file).
SPLITS = {
    '300w val': ('data/300w/', 'annotations/val.json'),
    'ytf68 val': ('data/ytf68/', 'annotations/val.json'),
    '300w test': ('data/300w/', 'annotations/test.json'),
}
DESCRIBING = Lock()  # configs read the environment, which threads share
KEPT = ('NME', 'NME_inner51', 'FR10', 'AUC10')


@dataclass(frozen=True)
class Places:
    """Folders, and what a training may use beside them.

    Attributes:
        repository: with `tools/`; child processes run there, and the faces are in its `data/`.
        results: rows go here.
        work: checkpoints and logs go here.
        loaders: processes that load the faces of each training.
    """

    repository: Path
    results: Path
    work: Path
    loaders: int = 1


def run_child(arguments: list[str], entry: Entry, places: Places, log: Path) -> None:
    """Run a tool to its end. Raises `UserError` with its last line if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    variables = dict(os.environ, OMP_NUM_THREADS='1', **entry.environment)
    with log.open('a', encoding='utf-8') as stream:
        child = subprocess.run(
            [sys.executable, *arguments],
            cwd=places.repository,
            env=variables,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if child.returncode:
        lines = log.read_text(encoding='utf-8', errors='replace').strip().splitlines()
        raise UserError(f'{entry.key}: {lines[-1] if lines else "failed"} (all of it: {log})')


def score(entry: Entry, places: Places, split: str, checkpoint: Path) -> dict[str, float]:
    """Metrics of a checkpoint on one of `SPLITS`."""
    root, annotations = SPLITS[split]
    work = places.work / entry.key
    out = work / f'{split.replace(" ", "_")}.json'
    arguments = ['tools/test.py', str(entry.config), str(checkpoint), '--out', str(out)]
    arguments += ['--work-dir', str(work), '--cfg-options']
    arguments += [
        f'test_dataloader.dataset.data_root={root}',
        f'test_dataloader.dataset.ann_file={annotations}',
        f'test_evaluator.ann_file={root}{annotations}',
        'test_dataloader.num_workers=0',
    ]
    run_child(arguments, entry, places, work / 'test.log')
    metrics = json.loads(out.read_text(encoding='utf-8'))
    return {name: round(metrics[name], 4) for name in KEPT}


def train(entry: Entry, places: Places) -> tuple[Path, float]:
    """Train to the end, from where it was left; the last checkpoint and the seconds it took."""
    work = places.work / entry.key
    arguments = ['tools/train.py', str(entry.config), '--resume', '--work-dir', str(work)]
    arguments += ['--cfg-options', f'randomness.seed={entry.seed}']
    arguments += [f'train_dataloader.num_workers={places.loaders}', 'val_dataloader.num_workers=1']
    start = time.monotonic()
    run_child(arguments, entry, places, work / 'train.log')
    last = (work / 'last_checkpoint').read_text(encoding='utf-8').strip()
    return Path(last), time.monotonic() - start


def is_done(row: Row, path: Path, splits: tuple[str, ...]) -> bool:
    """Whether the file holds this very config's scores on all splits."""
    if not path.is_file():
        return False
    kept = read_row(path)
    return kept.fingerprint == row.fingerprint and set(splits) <= set(kept.scores)


def complete(entry: Entry, places: Places, splits: tuple[str, ...]) -> bool:
    """Train and score what is missing of an entry, and write its row; False if nothing was.

    A row is written anew when its config has changed; then it is trained anew, too.

    Raises:
        UserError: its config, data or training failed.
    """
    path = places.results / f'{entry.key}.json'
    with DESCRIBING:
        row = describe(entry)
    if is_done(row, path, splits):
        return False
    work = places.work / entry.key
    _forget_others(work, row.fingerprint)
    checkpoint, seconds = train(entry, places)
    scores = {split: score(entry, places, split, checkpoint) for split in splits}
    known = read_row(path) if path.is_file() else row
    if known.fingerprint == row.fingerprint:
        scores = {**known.scores, **scores}
        seconds = max(seconds, known.seconds)
    write_row(path, replace(row, scores=scores, seconds=round(seconds), machine=name_machine()))
    return True


def name_machine() -> str:
    """What trained a row."""
    if torch.cuda.is_available():
        return f'{torch.cuda.get_device_name()}, {os.cpu_count()} CPUs'
    return f'{platform.machine()}, {os.cpu_count()} CPUs, one thread'


def _forget_others(work: Path, fingerprint: str) -> None:
    """Keep checkpoints of another config from being resumed: put them aside."""
    mark = work / 'fingerprint'
    if mark.is_file() and mark.read_text(encoding='utf-8') != fingerprint:
        work.rename(work.with_name(f'{work.name}_{mark.read_text(encoding="utf-8")}'))
    work.mkdir(parents=True, exist_ok=True)
    mark.write_text(fingerprint, encoding='utf-8')
