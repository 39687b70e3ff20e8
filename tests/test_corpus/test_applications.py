"""Applications as columns of Parquet parts, of faces, of inputs without one and of errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fanet_mmpose.applications.measured import columns_of
from fanet_mmpose.corpus.part_reader import read_rows
from fanet_mmpose.corpus.rows import COLUMNS

NAMES = ('pose', 'mouth')


def test_columns_of_applications(
    make_pictures: Callable[[int], Path], annotate: Callable[..., tuple], tmp_path: Path
) -> None:
    folder, out = make_pictures(3), tmp_path / 'out'
    (folder / 'bad.png').write_text('no picture')
    code, _, said = annotate(folder, '-o', out, '--workers', 1, '--with', *NAMES)
    assert code == 1, said  # the bad picture
    rows = list(read_rows(out, (*COLUMNS, *columns_of(NAMES))))
    good = [row for row in rows if row['error'] is None]
    assert len(rows) == 4 and len(good) == 3
    assert all(row['pose_yaw'] == pytest.approx(0, abs=90) for row in good)
    assert all(row['mouth_sigma'] > 0 for row in good)
    (bad,) = (row for row in rows if row['error'])
    assert bad['pose_yaw'] is None


def test_an_unknown_application_is_one_sentence(
    make_pictures: Callable[[int], Path], annotate: Callable[..., tuple], tmp_path: Path
) -> None:
    code, _, said = annotate(make_pictures(1), '-o', tmp_path / 'out', '--with', 'gaze')
    assert code == 2 and "unknown application 'gaze'" in said
