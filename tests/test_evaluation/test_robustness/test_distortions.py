"""Distortions move points with the picture, and their first level changes nothing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fanet_mmpose.evaluation.robustness.distortions import DISTORTIONS, side_of

SPOTS = np.array([[30.0, 40], [90, 40], [60, 100]])


def picture() -> np.ndarray:
    image = np.full((160, 140, 3), 60, np.uint8)
    for x, y in SPOTS.astype(int):
        cv2.circle(image, (x, y), 3, (0, 200, 250), -1)
    return image


@pytest.mark.parametrize('name', ['rotation', 'resolution', 'aspect'])
def test_points_stay_on_their_spots(name: str) -> None:
    for level in DISTORTIONS[name].levels[:8]:
        rng = np.random.default_rng(0)
        image, points = DISTORTIONS[name].apply(picture(), SPOTS, level, rng)
        if side_of(points) < 30:
            continue
        for x, y in points.round().astype(int):
            assert image[y, x, 2] > 150


def test_a_cut_keeps_what_it_keeps() -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        image, points = DISTORTIONS['border'].apply(picture(), SPOTS, 0.3, rng)
        inside = ((points >= 0) & (points < image.shape[1::-1])).all(1)
        assert 0 < inside.sum() < 3
        for x, y in points[inside].astype(int):
            assert image[y, x, 2] > 150


@pytest.mark.parametrize('name', ['occlusion', 'blur', 'noise', 'over-exposure', 'grey', 'border'])
def test_the_first_level_is_harmless(name: str) -> None:
    one = DISTORTIONS[name]
    image, points = one.apply(picture(), SPOTS, one.levels[0], np.random.default_rng(0))
    if name != 'border':
        assert (image == picture()).all()
    assert np.ptp(points, axis=0).tolist() == np.ptp(SPOTS, axis=0).tolist()


@pytest.mark.parametrize('level', [2, 3, 5])
def test_more_light_darkens_no_pixel(level: int) -> None:
    image = picture()
    brighter, _ = DISTORTIONS['over-exposure'].apply(image, SPOTS, level, np.random.default_rng(0))
    assert (brighter >= image).all()
    assert (brighter[image >= 128] == 255).all()


@pytest.mark.parametrize('name', DISTORTIONS)
def test_the_last_level_is_not_and_is_repeatable(name: str) -> None:
    one = DISTORTIONS[name]
    first, second = (
        one.apply(picture(), SPOTS, one.levels[-1], np.random.default_rng(3))[0] for _ in range(2)
    )
    assert first.dtype == np.uint8
    assert (first == second).all()
    assert first.shape != picture().shape or (first != picture()).any()
