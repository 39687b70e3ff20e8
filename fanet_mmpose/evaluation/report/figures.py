"""The report's figures. Each takes scored models and returns a matplotlib figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fanet_mmpose.evaluation.calibration import COVERAGE_LEVELS, Calibration
from fanet_mmpose.evaluation.report.face_shape import Slicing, mean_face, slicings
from fanet_mmpose.evaluation.report.scored import ScoredModel
from fanet_mmpose.evaluation.summary import THRESHOLDS
from fanet_mmpose.geometry.nme import NORMALIZER_TITLES, cumulative_errors

# Okabe and Ito's palette: told apart by the colour-blind too.
COLORS = ('#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000')


def _color(index: int) -> str:
    return COLORS[index % len(COLORS)]


def ced_figure(models: Sequence[ScoredModel], normalizer: str) -> Figure:
    """Cumulative error distribution of each model, as steps."""
    figure = Figure(figsize=(8, 5), layout='constrained')
    axes = figure.add_subplot()
    limit = max(THRESHOLDS)
    for index, model in enumerate(models):
        errors, shares = cumulative_errors(100 * model.faces)
        score = model.summary['all']
        label = f'{model.name}: NME {score["nme"]:.2f} %, AUC10 {score["auc"]["10"]:.3f}'
        axes.step(
            np.concatenate([[0], errors, [np.inf]]).clip(max=limit * 1.05),
            100 * np.concatenate([[0], shares, shares[-1:]]),
            where='post',
            color=_color(index),
            label=label,
        )
    for threshold in THRESHOLDS:
        axes.axvline(threshold, color='0.75', linewidth=0.8, linestyle=':')
    axes.set_xlim(0, limit)
    axes.set_ylim(0, 101)
    axes.set_xlabel(f'mean error of a face, % of {NORMALIZER_TITLES[normalizer]} (left is better)')
    axes.set_ylabel('faces with at most this error, %')
    axes.grid(alpha=0.3)
    axes.legend(loc='lower right')
    return figure


def mean_face_figure(model: ScoredModel, normalizer: str, top: float) -> Figure:
    """Each point's NME on the mean face; `top` in per cent is the colour scale's end."""
    results = model.results
    points = mean_face(results.truth, results.labelled, results.schema)
    errors = np.array(model.summary['points'], float)
    figure = Figure(figsize=(6, 5.4), layout='constrained')
    axes = figure.add_subplot()
    for link in results.schema.skeleton:
        axes.plot(*points[list(link)].T, color='0.8', linewidth=0.8, zorder=1)
    dots = axes.scatter(
        *points.T, c=errors, s=45, cmap='viridis_r', vmin=0, vmax=top, edgecolors='0.3', zorder=2
    )
    for index in np.argsort(-np.nan_to_num(errors))[:5]:
        axes.annotate(
            f'{index}: {errors[index]:.1f}',
            points[index],
            (6, 6),
            textcoords='offset points',
            fontsize=8,
        )
    figure.colorbar(dots, label=f'mean error of the point, % of {NORMALIZER_TITLES[normalizer]}')
    axes.set_title(f'{model.name} (the five worst points are numbered)', fontsize=10)
    axes.set_aspect('equal')
    axes.invert_yaxis()
    axes.set_axis_off()
    return figure


def slices_figure(models: Sequence[ScoredModel], normalizer: str) -> Figure:
    """NME with 95 % intervals by face size, roll and yaw."""
    groupings = slicings(models[0].results)
    figure = Figure(figsize=(3.6 * len(groupings), 3.8), layout='constrained')
    panels = np.atleast_1d(figure.subplots(1, len(groupings), sharey=True))
    for axes, number in zip(panels, range(len(groupings)), strict=True):
        for index, model in enumerate(models):
            _draw_slices(axes, model, slicings(model.results)[number], index, len(models))
        labels = groupings[number].labels
        counts = groupings[number].members.sum(axis=1)
        ticks = [f'{label}\nn={count}' for label, count in zip(labels, counts, strict=True)]
        axes.set_xticks(range(len(labels)), ticks, fontsize=8)
        axes.set_xlabel(groupings[number].title)
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.grid(axis='y', alpha=0.3)
    panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel(f'NME, % of {NORMALIZER_TITLES[normalizer]} (bars: 95 %)')
    figure.legend(*panels[0].get_legend_handles_labels(), loc='outside upper right', ncols=4)
    return figure


def _draw_slices(axes: Axes, model: ScoredModel, slicing: Slicing, index: int, count: int) -> None:
    positions, values, bars = [], [], []
    for group, members in enumerate(slicing.members):
        score = model.score(members)
        if score['faces'] and np.isfinite(score['nme']):
            low, high = score['interval']['nme']
            positions.append(group + 0.6 * ((index + 0.5) / count - 0.5))
            values.append(score['nme'])
            bars.append((max(0, score['nme'] - low), max(0, high - score['nme'])))
    if positions:
        axes.errorbar(
            positions,
            values,
            np.array(bars).T,
            fmt='o',
            capsize=3,
            color=_color(index),
            label=model.name,
        )


def calibration_figure(named: Sequence[tuple[str, Calibration]], normalizer: str) -> Figure | None:
    """Predicted scale against error by bins, and coverage; None if no model predicts scales."""
    drawn = [(i, name, facts) for i, (name, facts) in enumerate(named) if facts.bin_predicted]
    if not drawn:
        return None
    figure = Figure(figsize=(10, 4.4), layout='constrained')
    bins, coverage = figure.subplots(1, 2)
    top = max(max(facts.bin_predicted + facts.bin_observed) for _, _, facts in drawn)
    bins.plot([0, top], [0, top], color='0.6', linestyle='--', label='right')
    coverage.plot([0, 100], [0, 100], color='0.6', linestyle='--', label='right')
    for index, name, facts in drawn:
        style = {'color': _color(index), 'marker': 'o', 'markersize': 4, 'label': name}
        bins.plot(facts.bin_predicted, facts.bin_observed, **style)
        coverage.plot(100 * COVERAGE_LEVELS, 100 * np.array(facts.coverage), **style)
    unit = f'% of {NORMALIZER_TITLES[normalizer]}'
    bins.set_xlabel(f'predicted scale b (each dot: a tenth of the points), {unit}', fontsize=9)
    bins.set_ylabel(f'mean error along an axis, {unit}', fontsize=9)
    coverage.set_xlabel('errors that should lie inside, %')
    coverage.set_ylabel('errors that do, % (below the line: too confident)')
    for axes in (bins, coverage):
        axes.grid(alpha=0.3)
        axes.legend()
    return figure
