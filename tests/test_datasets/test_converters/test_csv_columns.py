"""Columns that say which picture, and which point is visible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import HEADER, NAMES, Files, by_name, face, picture, run, same, table

pytestmark = pytest.mark.usefixtures('no_contact_sheet')


@pytest.mark.parametrize(
    ('column', 'values', 'expected'),
    [
        ('{}_visible', ('yes', 'no'), (2, 1)),
        ('{} Visible', (1, 0), (2, 1)),
        ('occluded_{}', ('False', 'TRUE'), (2, 1)),
        ('{}_hidden', ('', 1), (2, 1)),
        ('{}_visibility', (2, 1), (2, 1)),
        ('{}_vis', (2, 0), (2, 0)),
        ('{}_visible', (2, 0), (2, 0)),
        ('{}_likelihood', (0.9, 0.1), (2, 2)),
    ],
)
def test_flags_of_points(
    column: str, values: tuple[object, object], expected: tuple[int, int], schema: Path
) -> None:
    header = [*HEADER, *(column.format(name) for name in NAMES)]
    flags = [values[0]] * 6 + [values[1]]
    rows = [[f'{i}.jpg', *face(schema, i).ravel(), *flags] for i in range(4)]
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    found = run(schema, {**files, 'points.csv': table(rows, header)})
    assert [points[:, 2].tolist() for points in found.values()] == [
        [expected[0]] * 6 + [expected[1]]
    ] * 4


def test_a_column_of_pixels_is_named(schema: Path) -> None:
    pixels = ' '.join(map(str, range(100, 250)))
    content = table([[*face(schema, 0).ravel(), pixels]], [*HEADER[1:], 'Image'])
    with pytest.raises(UserError, match="column 'Image' holds pixels") as raised:
        run(schema, {'training.csv': content, 'a.jpg': picture(0)})
    assert pixels not in str(raised.value)


def folder_set(schema: Path, header: str = 'folder') -> tuple[Files, dict[str, np.ndarray]]:
    """Pictures of two persons that count alike, and a table that has their folders beside them."""
    files: Files = {}
    truth, rows = {}, []
    for k, person in enumerate(('anna', 'ben')):
        for i in range(4):
            points = face(schema, 10 * k + i)
            files[f'{person}/{i}.jpg'], truth[f'{person}/{i}.jpg'] = picture(10 * k + i), points
            rows.append([person, f'{i}.jpg', *points.ravel()])
    files['points.csv'] = table(rows, [header, 'file', *HEADER[1:]])
    return files, truth


@pytest.mark.parametrize('header', ['folder', 'Dir', 'path'])
def test_a_column_of_folders_stands_before_the_name(header: str, schema: Path) -> None:
    files, truth = folder_set(schema, header)
    same(by_name(run(schema, files)), truth)


def test_a_picture_of_another_folder_is_not_taken(schema: Path) -> None:
    files, _ = folder_set(schema)
    del files['ben/2.jpg']
    with pytest.raises(UserError, match=r"'ben/2\.jpg' is missing; .*anna/2\.jpg has its last"):
        run(schema, files)


def test_a_folder_of_long_ago_says_nothing(schema: Path) -> None:
    files = {f'now/{i}.jpg': picture(i) for i in range(4)}
    rows = [['VOC2012', f'{i}.jpg', *face(schema, i).ravel()] for i in range(4)]
    files['points.csv'] = table(rows, ['folder', *HEADER])
    same(by_name(run(schema, files)), {f'now/{i}.jpg': face(schema, i) for i in range(4)})


def test_two_columns_of_pictures_are_refused(schema: Path) -> None:
    files = {f'{kind}/{i}.jpg': picture(i) for kind in ('photo', 'aligned') for i in range(4)}
    rows = [[f'aligned/{i}.jpg', f'photo/{i}.jpg', *face(schema, i).ravel()] for i in range(4)]
    files['points.csv'] = table(rows, ['image', 'file_path', *HEADER[1:]])
    with pytest.raises(UserError, match=r"'image' and 'file_path' name two pictures, aligned/0"):
        run(schema, files)


def test_a_picture_under_two_names_is_refused(schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    names = ['0.jpg', '1.jpg', '2.jpg', '3.jpg', '3.JPG']
    rows = [[name, *(face(schema, 0) / (i + 1)).ravel()] for i, name in enumerate(names)]
    files['points.csv'] = table(rows)
    with pytest.raises(UserError, match=r'both 3\.jpg and 3\.JPG may mean this picture'):
        run(schema, files)
