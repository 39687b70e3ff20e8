"""98 points from a machine's 98 and better labels of 68."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.geometry.schemas.conversions import convert
from fanet_mmpose.labelling.correction import Correction, fit_correction
from fanet_mmpose.labelling.weak_labels import EYES
from fanet_mmpose.labelling.wflw_labels import (
    BETWEEN,
    BETWEEN_WEIGHT,
    add_wflw_labels,
    spread_weights,
    to_wflw,
)

RNG = np.random.default_rng(0)
SHAPE = RNG.uniform(-1, 1, (98, 2))


def drawn(count: int) -> np.ndarray:
    """Faces of 98 points [N, 98, 2] px."""
    shapes = SHAPE + RNG.normal(0, 0.05, (count, 98, 2))
    return shapes * RNG.uniform(50, 100, (count, 1, 1)) + 200


@pytest.fixture(scope='module')
def same_convention() -> Correction:
    """Learnt from faces on which people and machine agree."""
    points = convert(drawn(200), 'wflw98', '300w68')
    return fit_correction(points, points, EYES)


def test_every_point_moves_with_its_own_or_with_its_neighbours() -> None:
    spread = spread_weights()
    np.testing.assert_allclose(spread.sum(1), 1)
    own = [i for i in range(98) if i not in BETWEEN]
    assert (spread[own].max(1) == 1).all()
    assert len(own) == 68


def test_neighbours_are_mirrored_with_the_points() -> None:
    of_98, of_68 = get_schema('wflw98').flip_indices, get_schema('300w68').flip_indices
    spread = spread_weights()
    np.testing.assert_allclose(spread[of_98][:, of_68], spread)


def test_labels_replace_the_machine_where_there_are_any(same_convention: Correction) -> None:
    machine = drawn(20)
    better = convert(machine, 'wflw98', '300w68') + RNG.normal(0, 1, (20, 68, 2))
    weights = np.ones((20, 68))
    weights[:, 0] = 0
    points, given = to_wflw(machine, better, weights, same_convention)
    found = convert(points, 'wflw98', '300w68')
    np.testing.assert_allclose(found[:, 1:], better[:, 1:], atol=1e-6)
    np.testing.assert_allclose(points[:, 0], machine[:, 0])
    assert (given[:, 0] == 0).all()
    np.testing.assert_allclose(given[:, 62], BETWEEN_WEIGHT)


def test_a_common_move_of_all_labels_moves_all_points(same_convention: Correction) -> None:
    machine = drawn(20)
    better = convert(machine, 'wflw98', '300w68') + [3.0, -2.0]
    points, _ = to_wflw(machine, better, np.ones((20, 68)), same_convention)
    np.testing.assert_allclose(points, machine + [3.0, -2.0], atol=1e-6)


def test_files(tmp_path: Path, same_convention: Correction) -> None:
    machine = drawn(2)
    points = np.dstack([convert(machine, 'wflw98', '300w68'), np.full((2, 68), 2.0)])
    faces = [dict(id=i, image_id=i, keypoints=p.ravel().tolist()) for i, p in enumerate(points)]
    path = tmp_path / 'people.json'
    path.write_text(json.dumps(dict(images=[], annotations=faces)))
    given = {'1': machine[1].ravel().tolist()}
    assert add_wflw_labels(path, given, same_convention, tmp_path / 'out.json') == 1
    first, second = json.loads((tmp_path / 'out.json').read_text())['annotations']
    assert 'point_sets' not in first
    label = second['point_sets']['wflw98']
    assert len(label['keypoints']) == 294
    assert len(label['point_weights']) == 98
    with pytest.raises(UserError, match='no face has machine points'):
        add_wflw_labels(path, {}, same_convention, tmp_path / 'none.json')
    assert not (tmp_path / 'none.json').exists()
