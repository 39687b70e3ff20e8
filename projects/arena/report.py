"""`projects/arena/README.md` from the rows: tables between markers, and the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from fanet_mmpose.files import write_json, write_text
from projects.arena.entry import Entry, environment
from projects.arena.figure import draw
from projects.arena.row import read_rows
from projects.arena.table import format_all, summarize, to_frame
from projects.marked_text import replace_between


def measure_latency(entries: Sequence[Entry], results: Path) -> None:
    """Time networks side by side, one thread, ONNX Runtime FP32, batch 1; write `latency.json`."""
    from fanet_mmpose.deploy.benchmark import BenchmarkOptions, benchmark

    options = BenchmarkOptions(batches=(1,), threads=(1,), runtimes=('onnx',))
    with environment(entries[0].environment):
        timings = benchmark([entry.config for entry in entries], options)
    by_stem = {entry.config.stem: entry.name for entry in entries}
    rows = {by_stem[t.model]: dict(p50=round(t.p50, 2), p95=round(t.p95, 2)) for t in timings}
    what = 'ms a face, ONNX Runtime FP32, one thread, batch 1, all in one run'
    write_json(results / 'arena' / 'latency.json', dict(what=what, rows=rows), indent=1)


def read_latency(results: Path) -> dict[str, float]:
    """Name -> median ms; empty while nothing was timed."""
    path = results / 'arena' / 'latency.json'
    if not path.is_file():
        return {}
    return {name: row['p50'] for name, row in json.loads(path.read_text())['rows'].items()}


def write_report(results: Path, docs: Path) -> None:
    """Write the tables into `arena.md` and draw `arena.png`; nothing while there are no rows."""
    rows = read_rows(results / 'arena') + read_rows(results / 'ablation')
    if not rows:
        return
    latency, page = read_latency(results), docs / 'arena.md'
    text = page.read_text(encoding='utf-8')
    write_text(page, replace_between(text, format_all(rows, latency), str(page)))
    frame = to_frame(rows)
    shown = frame[(frame.table == 'arena') & (frame.budget == 'small') & (frame.faces == '300w')]
    if not shown.empty:
        draw(summarize(shown), latency, docs / 'arena.png')
