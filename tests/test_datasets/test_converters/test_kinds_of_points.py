"""Files as people have them: names, marks, units and formats of the points."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from tests.helpers.kind_files import (
    NAMES,
    Files,
    by_name,
    coco_of,
    face,
    one_table,
    picture,
    run,
    same,
    table,
)
from tests.helpers.tiny_releases import (
    encoded,
    photograph,
)

pytestmark = pytest.mark.usefixtures('no_contact_sheet')


# --------------------------------------------------------------------------------- which point
def test_names_of_a_coco_category_decide(schema: Path) -> None:
    order = [6, 3, 0, 5, 1, 2, 4]
    faces = [face(schema, i) for i in range(4)]
    coco = coco_of([points[order] for points in faces])
    coco['categories'][0]['keypoints'] = [NAMES[i].replace('_', ' ').title() for i in order]
    files = {f'{i:03d}.jpg': picture(i) for i in range(4)}
    files['faces.json'] = json.dumps(coco).encode()
    same(by_name(run(schema, files)), {f'{i:03d}.jpg': p for i, p in enumerate(faces)})


@pytest.mark.parametrize(
    ('labels', 'options', 'said'),
    [
        (range(7), {}, None),
        (range(1, 8), {}, None),
        (range(1, 7), {}, '--first-number'),
        (range(1, 7), {'first_number': 1}, None),
        (range(8), {}, 'numbered from 0 to 7'),
    ],
)
def test_labels_that_are_numbers(
    labels: range, options: dict[str, Any], said: str | None, schema: Path
) -> None:
    files: Files = {}
    for i in range(4):
        points = np.vstack([face(schema, i), face(schema, i)[:1]]) + 0.5
        shapes = [
            {'label': str(k), 'points': [points[j].tolist()], 'shape_type': 'point'}
            for j, k in enumerate(labels)
        ]
        content = {'shapes': shapes, 'imagePath': f'{i}.jpg'}
        files[f'{i}.json'], files[f'{i}.jpg'] = json.dumps(content).encode(), picture(i)
    if said:
        with pytest.raises(UserError, match=said):
            run(schema, files, **options)
        return
    found = by_name(run(schema, files, **options))
    for i in range(4):
        np.testing.assert_allclose(found[f'{i}.jpg'][:6, :2], face(schema, i)[:6], atol=2e-3)


@pytest.mark.parametrize(
    ('x', 'y', 'options', 'flag'),
    [
        ('-1', '-1', {}, 0), ('0', '0', {}, 0), ('nan', 'nan', {}, 0), ('', '', {}, 0),
        ('NULL', 'NULL', {}, 0), ('-1.0', '-1.000', {}, 0), ('-9', '-9', {'missing': ('-9',)}, 0),
        ('-40', '-50', {'missing': ('signs',)}, 1), ('-1', '-1', {'missing': ('none',)}, 2),
    ],
)  # fmt: skip
def test_marks_of_absent_points(
    x: str, y: str, options: dict[str, Any], flag: int, schema: Path
) -> None:
    rows = [[f'{i}.jpg', *map(str, face(schema, i).ravel())] for i in range(4)]
    rows[1][9:11] = x, y
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = table(rows)
    found = by_name(run(schema, files, **options))
    expected = {0: [0, 0, 0], 1: [40, 50, 1], 2: [-1, -1, 2]}[flag]
    assert found['1.jpg'][4].tolist() == expected
    assert (np.delete(found['1.jpg'], 4, axis=0)[:, 2] == 2).all()


def test_half_a_point_is_an_error(schema: Path) -> None:
    rows = [[f'{i}.jpg', *map(str, face(schema, i).ravel())] for i in range(4)]
    rows[1][9] = ''
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = table(rows)
    with pytest.raises(UserError, match='point 4 has one coordinate'):
        run(schema, files)


@pytest.mark.parametrize(('units', 'whole'), [('shares', 1), ('percent', 100)])
def test_parts_of_the_size_are_recognised(units: str, whole: int, schema: Path) -> None:
    def large(i: int) -> bytes:
        return encoded(cv2.resize(photograph(i), (384, 288)))

    faces = [face(schema, i) * [4, 3] for i in range(6)]
    parts = [(points + 0.5) / [384, 288] * whole for points in faces]
    files = {f'{i}.jpg': large(i) for i in range(6)}
    files['points.csv'] = table([[f'{i}.jpg', *p.ravel()] for i, p in enumerate(parts)])
    with pytest.raises(UserError, match=f'--units {units}'):
        run(schema, files)
    found = by_name(run(schema, files, units=units))
    same(found, {f'{i}.jpg': points for i, points in enumerate(faces)})


# ------------------------------------------------------------------------------------- formats
@pytest.mark.parametrize(
    'change',
    [
        lambda text: text.encode('utf-16'),
        lambda text: text.encode('utf-16-le'),
        lambda text: text.encode('gb18030'),
        lambda text: ('\ufeff' + text.replace('\n', '\r\n')).encode(),
        lambda text: ('sep=;\n' + text.replace(',', ';')).encode(),
        lambda text: ('\n\n' + text.replace(',', '\t')).encode(),
        lambda text: text.replace(',', ';').replace('.', ',').replace(',jpg', '.jpg').encode(),
    ],
)
def test_tables_as_spreadsheets_save_them(change: Any, schema: Path) -> None:
    files = {f'脸{i}.jpg': picture(i) for i in range(4)}
    rows = [[f'脸{i}.jpg', *face(schema, i).ravel()] for i in range(4)]
    files['points.csv'] = change(table(rows).decode())
    same(by_name(run(schema, files)), {f'脸{i}.jpg': face(schema, i) for i in range(4)})


def cvat_video(schema: Path, count: int) -> bytes:
    tracks = []
    for k, name in enumerate(NAMES):  # one track a landmark, joined by group_id
        rows = ''.join(
            f'<points frame="{i}" outside="0" occluded="0" points="{x + 0.5},{y + 0.5}"/>'
            for i, (x, y) in enumerate(face(schema, i)[k] for i in range(count))
        )
        gone = f'<points frame="{count}" outside="1" occluded="0" points="1,1"/>'
        tracks.append(f'<track id="{k}" label="{name}" group_id="1">{rows}{gone}</track>')
    return f'<annotations><version>1.1</version>{"".join(tracks)}</annotations>'.encode()


def test_cvat_video_of_single_points(schema: Path) -> None:
    files = {f'frame_{i:06d}.jpg': picture(i) for i in range(4)}
    files['annotations.xml'] = cvat_video(schema, 4)
    same(by_name(run(schema, files)), {f'frame_{i:06d}.jpg': face(schema, i) for i in range(4)})


def test_a_list_of_all_x_then_all_y_is_refused(schema: Path) -> None:
    rng = np.random.default_rng(0)
    lines = []
    for i in range(12):
        points = face(schema, i) * 0.5 + rng.uniform(0, 40, 2)
        lines.append(f'{i}.jpg ' + ' '.join(f'{v:.2f}' for v in points.T.ravel()))
    files = {f'{i}.jpg': picture(i) for i in range(12)}
    files['list.txt'] = '\n'.join(lines).encode()
    with pytest.raises(UserError, match='all x, then all y'):
        run(schema, files)


@pytest.mark.parametrize(
    ('name', 'content', 'said'),
    [
        ('a.xml', b'<annotation><object/></annotation>', 'Pascal VOC'),
        ('a.json', b'{"file": {}, "metadata": {}, "project": {}}', 'VIA 3'),
        ('a.mat', b'MATLAB', 'MATLAB'),
        ('a.pkl', b'x', 'pickle'),
        ('a.xml', b'<!DOCTYPE x [<!ENTITY a "b">]><annotations>&a;</annotations>', 'entities'),
        ('a.json', b'[' * 100000, 'deeply'),
    ],
)
def test_what_is_not_read_is_named(name: str, content: bytes, said: str, schema: Path) -> None:
    with pytest.raises(UserError, match=said) as caught:
        run(schema, {name: content, 'a.jpg': picture(0)})
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('kind', ['grey16', 'webp'])
def test_unusual_pictures_are_written_as_all_loaders_read_them(kind: str, schema: Path) -> None:
    from PIL import Image

    files: Files = {}
    suffix = 'png' if kind == 'grey16' else 'webp'
    for i in range(4):
        grey = photograph(i)[..., 0]
        if kind == 'grey16':
            files[f'{i}.png'] = encoded(grey.astype(np.uint16) * 257, '.png')
        else:
            exif, buffer = Image.Exif(), io.BytesIO()
            exif[0x0112] = 3
            Image.fromarray(grey[::-1, ::-1].copy()).save(buffer, 'WEBP', exif=exif, lossless=True)
            files[f'{i}.webp'] = buffer.getvalue()
    files['points.csv'] = one_table(schema, '{i}.' + suffix, files)
    found = by_name(run(schema, files))
    same(found, {f'{i}.{suffix}.png': face(schema, i) for i in range(4)})
    for i in range(4):
        written = cv2.imread(str(schema.parent / f'out/images/{i}.{suffix}.png'))
        assert np.array_equal(written[..., 0], photograph(i)[..., 0])
