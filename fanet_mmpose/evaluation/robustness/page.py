"""The bench as one picture: missed faces and errors along each strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fanet_mmpose.files import replacing

COLUMNS = 4
# Title, field of a row, factor.
LINES = (('missed, %', 'missed', 100.0), ('NME of 51, %', 'nme51', 1.0))


def draw_page(studies: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Two panels for each curve of the first study, a line for each study.

    Raises:
        UserError: the folder cannot be written to.
    """
    names = list(studies[0]['curves'])
    rows = int(np.ceil(len(names) / COLUMNS)) * len(LINES)
    figure = Figure((4 * COLUMNS, 2.4 * rows), layout='constrained')
    axes = figure.subplots(rows, COLUMNS, squeeze=False)
    for axis in axes.flat:
        axis.set_visible(False)
    for index, name in enumerate(names):
        for line, (title, field, factor) in enumerate(LINES):
            axis = axes[index // COLUMNS * len(LINES) + line, index % COLUMNS]
            axis.set_visible(True)
            _draw(axis, studies, name, field, factor)
            axis.set_ylabel(title)
            axis.set_xlabel(studies[0]['units'].get(name, ''))
            axis.set_title(name if line == 0 else '')
    axes[0, 0].legend(fontsize=7)
    figure.suptitle('; '.join(_summary(study) for study in studies))
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=90)


def _draw(
    axis: Axes, studies: Sequence[Mapping[str, Any]], name: str, field: str, factor: float
) -> None:
    for index, study in enumerate(studies):
        curve = study['curves'].get(name, [])
        for prefix, style in (('', '-'), ('true_', ':')):
            points = [(row['level'], row.get(prefix + field)) for row in curve]
            points = [(x, y * factor) for x, y in points if y is not None]
            if points:
                label = study['name'] + (', true box' if prefix else '')
                axis.plot(
                    *zip(*points, strict=True), style, color=f'C{index}', marker='.', label=label
                )
    axis.set_ylim(bottom=0)


def _summary(study: Mapping[str, Any]) -> str:
    return f'{study["name"]}: {study["false_faces"]} false faces a background picture'
