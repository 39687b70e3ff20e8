"""The picture of the arena: error against multiply-adds and against latency."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from fanet_mmpose.files import replacing
from projects.arena.table import SPLITS, pareto


def draw_front(axes: Axes, summary: pd.DataFrame, cost: str, label: str) -> None:
    """A point for each network, its name, and a line through those that none beats in both."""
    known = summary.dropna(subset=[cost, SPLITS[0]])
    costs, errors = known[cost].tolist(), known[SPLITS[0]].tolist()
    for name, x, y in zip(known.index, costs, errors, strict=True):
        ours = str(name).startswith('fanet')
        axes.scatter(x, y, color='tab:red' if ours else 'tab:gray', zorder=3)
        # Peers' names left of their points; ours below, where the line is not.
        place = dict(xytext=(0, -12), ha='center') if ours else dict(xytext=(-5, -3), ha='right')
        axes.annotate(str(name), (x, y), textcoords='offset points', fontsize=7, **place)
    front = pareto(costs, errors)
    axes.plot([costs[i] for i in front], [errors[i] for i in front], color='tab:red', lw=1)
    axes.set_xscale('log')
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter('{x:g}')
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.28, y=0.1)  # for the names
    axes.set_xlabel(label)
    axes.set_ylabel('NME on 300W val, %')
    axes.grid(alpha=0.3, which='both')


def draw(summary: pd.DataFrame, latency: dict[str, float], path: Path) -> None:
    """Write the picture.

    Args:
        summary: of `table.summarize`.
        latency: name -> ms of one face.
        path: PNG or SVG.
    """
    summary = summary.assign(ms=[latency.get(str(name)) for name in summary.index])
    figure = Figure(figsize=(10, 5), layout='constrained')
    left, right = figure.subplots(1, 2, sharey=True)
    draw_front(left, summary, 'gmacs', 'multiply-adds of a face, 10⁹')
    draw_front(right, summary, 'ms', 'ms a face, one CPU thread, ONNX Runtime FP32')
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=120)
