"""BoxJitter: exact length, its own direction for each face, the same in each run."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip('mmpose')

from mmpose.registry import TRANSFORMS

from fanet_mmpose.datasets.box_jitter import BoxJitter, shift_direction
from fanet_mmpose.errors import UserError


def face(face_id: int = 3, **fields: object) -> dict:
    return {'id': face_id, 'bbox': np.array([[10, 20, 110, 70]], np.float32), **fields}


def test_shift_has_the_asked_length() -> None:
    results = TRANSFORMS.build({'type': 'BoxJitter', 'shift': 0.2})(face())
    np.testing.assert_allclose(np.linalg.norm(results['bbox_center'] - [[60, 45]]), 20, rtol=1e-5)
    np.testing.assert_allclose(results['bbox_scale'], [[100, 50]])


def test_scale_keeps_the_centre() -> None:
    results = BoxJitter(scale=1.5)(face())
    np.testing.assert_allclose(results['bbox_center'], [[60, 45]])
    np.testing.assert_allclose(results['bbox'], [[-15, 7.5, 135, 82.5]])


def test_center_and_scale_go_before_the_box() -> None:
    center = np.array([[0, 0]], np.float32)
    results = BoxJitter(scale=2)(face(bbox_center=center, bbox_scale=center + 30))
    np.testing.assert_allclose(results['bbox'], [[-30, -30, 30, 30]])


def test_same_face_same_direction() -> None:
    np.testing.assert_array_equal(shift_direction(0, 5), shift_direction(0, 5))
    assert not np.allclose(shift_direction(0, 5), shift_direction(0, 6))
    assert not np.allclose(shift_direction(0, 5), shift_direction(1, 5))


def test_directions_cover_the_circle() -> None:
    directions = np.array([shift_direction(0, face_id) for face_id in range(2000)])
    np.testing.assert_allclose(directions.mean(axis=0), 0, atol=0.06)


@pytest.mark.parametrize('settings', [{'shift': -0.1}, {'scale': 0}])
def test_wrong_amounts(settings: dict) -> None:
    with pytest.raises(UserError, match='BoxJitter'):
        BoxJitter(**settings)
