"""Regions: ellipses of the right size and direction, and their coverage on errors of known size."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fanet_mmpose.applications import regions
from fanet_mmpose.applications.angles import to_matrix
from fanet_mmpose.applications.camera import Camera
from fanet_mmpose.applications.head_model import head_model
from fanet_mmpose.applications.quick_yaw import quick_yaw
from fanet_mmpose.applications.regions import (
    GROUPS,
    RegionFit,
    fit_from_json,
    frames,
    groups_of,
    point_regions,
    region_fits,
)
from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import UserError
from fanet_mmpose.inference.face_landmarks import FaceLandmarks
from fanet_mmpose.weights import find

ONES = np.ones(68)


def seen(yaw: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """The mean head, px [68, 2]."""
    turned = head_model().mean @ to_matrix(np.array([yaw, 0, roll])).T
    return Camera(1500.0, (200.0, 200.0)).project(turned + (0, 0, 1500))


def simple_fit(shape: np.ndarray, hidden: float = 2.0) -> RegionFit:
    """Radius 2 scales at 0.5 and 4 at 0.9 of every point; hidden ones `hidden` times that."""
    factors = {name: np.ones(2) for name in GROUPS} | {'hidden': np.full(2, hidden)}
    radii = np.tile([2.0, 4.0], (68, 1))
    return RegionFit(np.array([0.5, 0.9]), np.tile(shape, (68, 1, 1)), radii, factors)


@pytest.mark.parametrize('yaw', [-40, -20, 0, 20, 40])
def test_quick_yaw_is_that_of_the_mean_head(yaw: float) -> None:
    assert quick_yaw(seen(yaw, roll=25)) == pytest.approx(yaw, abs=6)


def test_radius_grows_with_scale_coverage_and_group() -> None:
    fit, points = simple_fit(np.eye(2)), seen()
    visibility = np.where(np.arange(68) == 3, 0.1, 0.9)
    found = point_regions(points, 3 * ONES, visibility, 0.9, fit)
    assert found.radii[[0, 3]] == pytest.approx([12, 24])
    assert point_regions(points, ONES, ONES, 0.7, fit).radii[0] == pytest.approx(3)
    assert found.groups[3] == 'hidden' and found.groups[0] == 'frontal'


def test_an_ellipse_lies_along_the_line_of_its_point() -> None:
    for roll in (0, 50):
        points = seen(roll=roll)
        fit = simple_fit(np.diag([2.0, 0.5]))
        found = point_regions(points, ONES, ONES, 0.9, fit)
        along = points[9] - points[7]  # chin
        along /= np.linalg.norm(along)
        across = np.array([-along[1], along[0]])
        center = found.centers.copy()
        for move, holds in ((7.9 * along, True), (8.1 * along, False),
                            (1.9 * across, True), (2.1 * across, False)):  # fmt: skip
            center[8] = points[8] + move
            assert found.contain(center)[8] == holds
        assert found.radii[8] == pytest.approx(4)


def test_frames_are_orthonormal() -> None:
    axes = frames(seen(30, 10))
    assert np.allclose(axes @ np.swapaxes(axes, 1, 2), np.eye(2), atol=1e-9)


def test_coverage_of_errors_of_known_size() -> None:
    """Normal errors of 1 px: a circle of 2.146 px holds 90 %."""
    fit = simple_fit(np.eye(2))
    rng, points = np.random.default_rng(0), seen()
    found = point_regions(points, 2.146 / 4 * ONES, ONES, 0.9, fit)
    held = [found.contain(points + rng.normal(0, 1, (68, 2))).mean() for _ in range(100)]
    assert np.mean(held) == pytest.approx(0.9, abs=0.015)


def test_groups() -> None:
    assert set(groups_of(seen(2), ONES)) == {'frontal'}
    assert set(groups_of(seen(22), ONES)) == {'half turned'}
    assert set(groups_of(seen(-50), ONES)) == {'turned'}
    assert set(groups_of(seen(0), 0.2 * ONES)) == {'hidden'}


def test_those_that_ship() -> None:
    content = json.loads(regions.FILE.read_text(encoding='utf-8'))
    assert {'command', 'models'} <= set(content)
    for fields in content['models'].values():
        fit = fit_from_json(fields)
        assert fit.radii.shape == (68, len(fit.levels)) and (np.diff(fit.radii) > 0).all()
        assert np.allclose(np.linalg.det(fit.shapes), 1, atol=0.01)
        assert set(fit.factors) == set(GROUPS)


def test_of_a_face_in_a_picture() -> None:
    box = np.array([0.0, 0, 9, 9])
    face = FaceLandmarks(box, 0.9, seen(), ONES, ONES, ONES, '300w68', network='fanet_lite_turned')
    half, most = face.regions(0.5), face.regions(0.95)
    assert (most.radii > half.radii).all()
    assert json.dumps(most.to_dict())
    assert most.contain(face.points).all()


def test_the_fit_is_that_of_the_network_that_found_the_points() -> None:
    box = np.array([0.0, 0, 9, 9])
    face = FaceLandmarks(box, 0.9, seen(), ONES, ONES, ONES, '300w68', network='fanet_lite_turned')
    other = replace(face, network='fanet_300w_turned')
    assert np.allclose(face.regions().radii, face.regions(model='fanet_lite_300w').radii)
    assert np.allclose(other.regions().radii, face.regions(model='fanet_300w').radii)
    assert not np.allclose(other.regions().radii, face.regions().radii)
    assert 'network' not in face.to_dict()
    for network in ('mine', None):
        with pytest.raises(UserError, match='regions: no fit for what found these points'):
            replace(face, network=network).regions()


def test_every_fit_is_of_a_network_that_ships() -> None:
    shipped = {OnnxModel(find(name), threads=1).info.name for name in region_fits()}
    content = json.loads(regions.FILE.read_text(encoding='utf-8'))
    assert {fields['network'] for fields in content['models'].values()} == shipped


def test_drawn_round_the_point() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    points = seen()
    drawn = point_regions(points, 2 * ONES, ONES, 0.9, simple_fit(np.eye(2))).draw(image)
    x, y = points[8].round().astype(int)
    assert not image.any()
    assert drawn[y + 8, x].any() and not drawn[y, x].any()


def test_bad_input() -> None:
    for coverage in (1.5, float('nan'), '0.9', None):
        with pytest.raises(UserError, match=f'coverage {coverage}: give a number'):
            point_regions(seen(), ONES, ONES, coverage)
    with pytest.raises(UserError, match="no fit for model 'mine'"):
        point_regions(seen(), ONES, ONES, 0.9, 'mine')
    with pytest.raises(UserError, match='68 points'):
        point_regions(np.zeros((5, 2)), np.ones(5), np.ones(5))
