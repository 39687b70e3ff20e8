"""The figures draw what the tables say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fanet_mmpose.evaluation.calibration import Calibration
from fanet_mmpose.evaluation.report import figures
from fanet_mmpose.evaluation.report.scored import ScoredModel, score_model
from fanet_mmpose.evaluation.results import Results


@pytest.fixture
def model(results: Results) -> ScoredModel:
    return score_model(results, 'inter_ocular')


def test_curve_ends_at_the_share_below_the_limit(model: ScoredModel) -> None:
    axes = figures.ced_figure([model], 'inter_ocular').axes[0]
    x, y = axes.lines[0].get_data()
    assert (np.diff(y) >= 0).all()
    assert y[x <= 10][-1] == pytest.approx(100 - model.summary['all']['fr']['10'])
    assert 'inter-ocular distance' in axes.get_xlabel()


def test_points_are_coloured_by_their_error(model: ScoredModel) -> None:
    axes = figures.mean_face_figure(model, 'inter_ocular', 10).axes[0]
    np.testing.assert_allclose(axes.collections[0].get_array(), model.summary['points'])
    worst = int(np.argmax(model.summary['points']))
    assert any(text.get_text().startswith(f'{worst}:') for text in axes.texts)


def test_slices_state_their_counts(model: ScoredModel) -> None:
    figure = figures.slices_figure([model, model], 'inter_ocular')
    assert len(figure.axes) == 3
    ticks = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    assert sum(int(tick.split('n=')[1]) for tick in ticks) == 12


def test_calibration_needs_scales(results: Results, model: ScoredModel) -> None:
    bare = dataclasses.replace(results, scales=None)
    known = ('known', model.calibration)
    unknown = ('unknown', score_model(bare, 'inter_ocular').calibration)
    assert figures.calibration_figure([unknown, ('none', Calibration())], 'inter_ocular') is None
    figure = figures.calibration_figure([unknown, known], 'inter_ocular')
    labels = [line.get_label() for line in figure.axes[0].lines]
    assert labels == ['right', 'known']
