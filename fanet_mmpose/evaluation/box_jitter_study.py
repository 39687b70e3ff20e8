"""How an NME suffers from a box that is off: the same model, the box shifted and scaled."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from mmengine.config import Config, ConfigDict
from rich.table import Table

from fanet_mmpose.engine.configs import load_config
from fanet_mmpose.engine.launch import test
from fanet_mmpose.engine.options import TestOptions
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json

CROP = 'GetBBoxCenterScale'


@dataclass(frozen=True)
class JitterPoint:
    """One setting and its score: `shift` in longer sides of the box, `nme` and `fr10` in %."""

    shift: float
    scale: float
    nme: float
    fr10: float


@dataclass(frozen=True)
class JitterGrid:
    """What is tried: shifts at scale 1, then scales at shift 0."""

    shifts: Sequence[float] = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
    scales: Sequence[float] = (0.7, 0.8, 0.9, 1.1, 1.2, 1.3)
    seed: int = 0

    def settings(self) -> Iterator[tuple[float, float]]:
        """(shift, scale) of each run."""
        yield from ((shift, 1.0) for shift in self.shifts)
        yield from ((0.0, scale) for scale in self.scales if scale != 1)


def insert_jitter(config: Config, shift: float, scale: float, seed: int) -> Config:
    """A copy of `config` whose test pipeline disturbs the box.

    Raises:
        UserError: the pipeline has no `GetBBoxCenterScale`.
    """
    config = copy.deepcopy(config)
    dataset = config.test_dataloader.dataset
    while 'pipeline' not in dataset and 'dataset' in dataset:
        dataset = dataset.dataset
    types = [step['type'] for step in dataset.get('pipeline', [])]
    if CROP not in types:
        raise UserError(f'the test pipeline has no {CROP}, so there is no box to disturb')
    step = ConfigDict(type='BoxJitter', shift=shift, scale=scale, seed=seed)
    dataset.pipeline.insert(types.index(CROP), step)
    return config


def study_box_jitter(
    config_path: str | Path,
    checkpoint: str,
    grid: JitterGrid = JitterGrid(),  # noqa: B008 - frozen
    options: TestOptions = TestOptions(),  # noqa: B008 - frozen
) -> list[JitterPoint]:
    """Test a checkpoint once for each setting of `grid` on the config's test set.

    Raises:
        UserError: as `test`, or the config's metric is not `FaceLandmarkMetric`.
    """
    config = load_config(config_path)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for shift, scale in grid.settings():
            path = Path(folder) / Path(config_path).name
            insert_jitter(config, shift, scale, grid.seed).dump(path)
            metrics = test(path, checkpoint, options)
            if not {'NME', 'FR10'} <= set(metrics):
                raise UserError(f'{config_path}: test_evaluator must be a FaceLandmarkMetric')
            found.append(JitterPoint(shift, scale, metrics['NME'], metrics['FR10']))
    return found


def jitter_table(points: Sequence[JitterPoint]) -> Table:
    """The study for a terminal."""
    table = Table('shift (longer sides)', 'scale', 'NME %', 'FR10 %')
    for point in points:
        cells = (point.shift, point.scale, point.nme, point.fr10)
        table.add_row(*(f'{value:.4g}' for value in cells))
    return table


def jitter_figure(points: Sequence[JitterPoint]) -> Figure:
    """NME against the shift at scale 1 and against the scale at shift 0."""
    panels = {
        'shift of the box, its longer sides': [(p.shift, p.nme) for p in points if p.scale == 1],
        'scale of the box': [(p.scale, p.nme) for p in points if p.shift == 0],
    }
    figure = Figure(figsize=(9, 3.8), layout='constrained')
    for axes, (title, curve) in zip(
        figure.subplots(1, 2, sharey=True), panels.items(), strict=True
    ):
        axes.plot(*np.array(sorted(curve)).reshape(-1, 2).T, marker='o')
        axes.set_xlabel(title)
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylim(bottom=0)
    figure.axes[0].set_ylabel('NME, %')
    return figure


def save_jitter(points: Sequence[JitterPoint], path: str | Path, **facts: Any) -> None:
    """Write the study and `facts` about it as JSON, all or nothing, and a PNG beside it."""
    path = Path(path)
    write_json(path, {**facts, 'points': [asdict(p) for p in points]}, indent=1)
    jitter_figure(points).savefig(path.with_suffix('.png'), dpi=120)
