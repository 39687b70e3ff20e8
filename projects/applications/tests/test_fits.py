"""The fits find what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.regions import point_regions
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.visibility import apply_line
from projects.applications.fit_sets import DRAWN, region_sets, visibility_sets
from projects.applications.observations import Observations, cover, join, load, read_faces
from projects.applications.openness_fit import PARTS, Sample, area_under_roc, fit, true_ratio, unit
from projects.applications.openness_fit import measure as measure_openness
from projects.applications.regions_fit import fit_regions, measure_regions, without_offset
from projects.applications.visibility_fit import fit_line, measure


def observations(number: int, seed: int, hidden_factor: float = 1.0) -> Observations:
    """Mean heads with errors four times as large along the line of a point as across."""
    rng = np.random.default_rng(seed)
    found = np.tile(head_model().mean[:, :2] + 200, (number, 1, 1))
    hidden = rng.random((number, 68)) < 0.2
    errors = rng.normal(0, [3.0, 3.0], (number, 68, 2))
    errors[:, 8] = rng.normal(0, [4.0, 1.0], (number, 2))  # the chin's line is level
    errors[hidden] *= hidden_factor
    ones = np.ones((number, 68))
    return Observations(
        found + errors, ones > 0, found, ones, ones, np.where(hidden, 0.1, 0.9), hidden,
        np.full(number, 9),
    )  # fmt: skip


def test_regions_hold_what_they_say_on_other_faces() -> None:
    model = fit_regions(observations(300, 0, 2.0), observations(300, 1, 2.0))
    found = measure_regions(observations(200, 2, 2.0), model, 0.9)
    assert found['coverage'] == pytest.approx(0.9, abs=0.02)
    assert found['groups']['hidden']['coverage'] == pytest.approx(0.9, abs=0.03)
    assert model.factors['hidden'][5] > 1.4 * model.factors['frontal'][5]
    chin = model.shapes[8]
    assert chin[0, 0] / chin[1, 1] == pytest.approx(4, rel=0.2)
    first = observations(1, 3)
    regions = point_regions(first.found[0], first.scales[0], first.visibility[0], 0.9, model)
    assert regions.axes.shape == (68, 2, 2)


def test_a_constant_offset_is_taken_off() -> None:
    seen = observations(200, 4)
    moved = Observations(**{**vars(seen), 'truth': seen.truth + [7, -5]})
    left = (without_offset(moved).truth - moved.found).mean(0)
    assert np.abs(left).max() < 1
    assert len(join([seen, moved]).found) == 400


def test_observations_come_back_from_a_file(tmp_path) -> None:
    seen = observations(3, 5)
    seen.save(tmp_path / 'a' / 'b.npz')
    assert np.array_equal(load(tmp_path / 'a' / 'b.npz').truth, seen.truth)
    with pytest.raises(UserError, match='--data'):
        next(read_faces(tmp_path / 'none.json', tmp_path))


def test_drawn_faces_alone_are_enough_for_a_fit(tmp_path) -> None:
    with pytest.raises(UserError, match=r'people_1\.npz: is not there; run observe\.py'):
        visibility_sets(tmp_path, drawn=True)
    for seed, name in enumerate(DRAWN):
        observations(60, seed, 2.0).save(tmp_path / f'{name}.npz')
    fitted, tests = visibility_sets(tmp_path, drawn=True)
    slope, shift = fit_line(fitted.visibility, ~fitted.hidden)
    assert len(fitted.found) == 120 and slope > 0 and len(tests) == 2
    sets = region_sets(tmp_path, 'no network of ours', drawn=True)
    model = fit_regions(sets.plain, sets.covered)
    for seen in sets.tests.values():
        assert measure_regions(seen, model, 0.9)['coverage'] == pytest.approx(0.9, abs=0.05)
    assert 'no photograph' in sets.fitted_on


def test_a_patch_changes_what_its_mask_says() -> None:
    pytest.importorskip('skimage')
    image = np.zeros((120, 120, 3), np.uint8)
    points = np.random.default_rng(0).uniform(30, 90, (68, 2))
    mask = cover(image, points, np.random.default_rng(1))
    assert mask.any() and not image[mask == 0].any() and image[mask > 0].any()


def test_the_line_of_visibility_is_found() -> None:
    rng = np.random.default_rng(0)
    chances = rng.uniform(0.05, 0.95, 20000)
    visible = rng.random(20000) < apply_line(chances, 1.5, -0.7)
    slope, shift = fit_line(chances, visible)
    assert (slope, shift) == pytest.approx((1.5, -0.7), abs=0.1)
    before, after = (measure(c, visible) for c in (chances, apply_line(chances, slope, shift)))
    assert after['calibration_error'] < 0.02 < before['calibration_error']
    assert after['hidden_ap'] == pytest.approx(before['hidden_ap'], abs=1e-6)
    assert sum(count for *_, count in after['reliability']) == 20000


def test_openness_is_fitted_and_measured() -> None:
    rng, count = np.random.default_rng(0), 2000
    sigma = rng.uniform(0.01, 0.05, count)
    ratio = rng.uniform(0, 0.4, count)
    truth = np.maximum(0, 4 * ratio - 0.2 + 4 * sigma * rng.normal(0, 1, count))
    sample = Sample(truth, ratio, sigma, np.zeros(count), np.ones(count, bool))
    model = fit(sample)
    assert (model.slope, model.shift) == pytest.approx((4, -0.2), abs=0.1)
    assert measure_openness(sample, model, 'eyes')['seen']['shut_from_open_auc'] > 0.98


def test_truth_of_a_head() -> None:
    assert true_ratio(head_model().mean, PARTS['eyes'][0]) == pytest.approx(unit('eyes'), rel=0.02)
    assert area_under_roc(np.array([2.0, 3]), np.array([0.0, 1])) == 1
    assert area_under_roc(np.array([]), np.array([1.0])) is None
