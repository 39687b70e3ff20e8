"""Differences between two runtimes are the largest, the photograph's apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from projects.speed.tools.compare_runtimes import NAMES, compare


def test_a_known_shift_is_the_difference(tmp_path: Path) -> None:
    crops = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1)
    expected = {name: np.zeros((3, 4) + (2,) * (name == 'keypoints'), np.float32) for name in NAMES}
    np.savez(tmp_path / 'reference.npz', crops=crops, **expected)

    def run(crop: np.ndarray) -> dict[str, np.ndarray]:
        """Off by a tenth of the crop's value; without the batch's axis, as some runtimes are."""
        return {name: expected[name][0] + np.float32(crop[0, 0, 0, 0] / 10) for name in NAMES}

    assert compare(run, tmp_path / 'reference.npz') == {
        'drawn_faces': 2,
        'photograph_points_px': 0.0,
        'drawn_points_px': 0.2,
        'scores': 0.2,
        'visibility': 0.2,
        'scales': 0.2,
    }
