"""``.pts`` files, as iBUG writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fanet_mmpose.datasets.converters.pts import read_pts
from tests.helpers.tiny_releases import pts_text


@settings(deadline=None, derandomize=True, max_examples=50)
@given(points=arrays(float, (68, 2), elements=st.floats(-100, 5000)))
def test_round_trip_is_zero_based(
    points: np.ndarray, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp('pts') / 'a.pts'
    path.write_text(pts_text(points, base=1.0))
    np.testing.assert_allclose(read_pts(path, 68), points, atol=1e-6)


def test_the_first_pixel_is_1_1_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / 'a.pts'
    path.write_text('version: 1\nn_points:  1\n{\n1.000000 1.000000\n}\n')
    assert read_pts(path, 1).tolist() == [[0.0, 0.0]]


def test_windows_lines_blank_lines_and_spaces(tmp_path: Path) -> None:
    path = tmp_path / 'a.pts'
    path.write_bytes(b'version: 1\r\nn_points: 2\r\n{\r\n\r\n  1  2 \r\n3\t4\r\n}\r\n\r\n')
    assert read_pts(path, 2).tolist() == [[0.0, 1.0], [2.0, 3.0]]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(content=st.one_of(st.binary(max_size=300), st.text('version:1\n{} .n_pots', max_size=80)))
def test_anything_else_is_a_reason(
    content: bytes | str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp('junk') / 'a.pts'
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError):
        read_pts(path, 68)
