"""Draft labels come back through the converters' readers as they went in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters.custom import custom_reader
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.schemas import PointSchema
from fanet_mmpose.labelling.cvat_file import write_cvat
from fanet_mmpose.labelling.labelme_files import write_labelme
from fanet_mmpose.labelling.prefill import DraftLabel
from tests.helpers.tiny_releases import encoded, photograph

NAMES = ('left', 'right', 'scar', 'chin')
SCHEMA = PointSchema('own4', NAMES)
SIZE = 96
WRITERS = {'labelme': write_labelme, 'cvat': write_cvat}


def drafts() -> list[DraftLabel]:
    """Three faces in two folders; the second lacks a point."""
    rng = np.random.default_rng(0)
    faces = []
    for number, name in enumerate(('train/a.jpg', 'train/people/b.jpg', 'val/c.jpg')):
        points = rng.uniform(-5, SIZE, (4, 2))
        points[2] = np.nan if number == 1 else points[2]
        faces.append(DraftLabel(name, SIZE, SIZE, points, np.array([3.25, 4, 80, 90.5])))
    return faces


@pytest.mark.parametrize('layout', WRITERS)
def test_points_and_box_come_back_to_a_hundredth_of_a_pixel(layout: str, tmp_path: Path) -> None:
    for draft in drafts():
        (tmp_path / draft.image).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / draft.image).write_bytes(encoded(photograph(0)))
    WRITERS[layout](tmp_path, drafts(), NAMES)
    rows = list(custom_reader()(Source([tmp_path], tmp_path / 'scratch'), SCHEMA))
    by_name = {row.name: row for row in rows}
    assert len(rows) == 3
    for draft in drafts():
        row = by_name[draft.image]
        known = np.isfinite(draft.points).all(1)
        np.testing.assert_array_equal(row.visibility, np.where(known, 2, 0))
        np.testing.assert_allclose(row.points[known], draft.points[known], atol=0.01)
        np.testing.assert_allclose(row.rect, draft.box, atol=0.01)
        assert row.split == draft.image.split('/')[0]


@pytest.mark.parametrize('layout', WRITERS)
def test_a_box_alone_is_a_file_too(layout: str, tmp_path: Path) -> None:
    (draft, *_) = drafts()
    empty = DraftLabel(draft.image, SIZE, SIZE, np.full((4, 2), np.nan), draft.box)
    folder = tmp_path / 'labels'
    (folder / 'train').mkdir(parents=True)
    (folder / draft.image).write_bytes(encoded(photograph(0)))
    WRITERS[layout](folder, [empty], NAMES)
    (row,) = custom_reader()(Source([folder], tmp_path / 'scratch'), SCHEMA)
    assert not row.visibility.any()
    np.testing.assert_allclose(row.rect, draft.box, atol=0.01)


def test_labelme_is_told_the_names(tmp_path: Path) -> None:
    write_labelme(tmp_path / 'labels', drafts(), NAMES)
    assert (tmp_path / 'labels.txt').read_text().split() == [*NAMES, 'face']
