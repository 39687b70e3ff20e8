"""Files as people have them: names, marks, units and formats of the points."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.converters.custom import detect_layout
from fanet_mmpose.datasets.converters.custom_face import Rules, build_faces
from fanet_mmpose.datasets.converters.custom_labelme import read_labelme
from fanet_mmpose.datasets.converters.images import ImageInfo
from fanet_mmpose.datasets.converters.marks import Marks, parse_marks, without_marks
from fanet_mmpose.datasets.converters.records import BadRow, FaceRecord
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.units import to_pixels
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import load_schema
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
    write_files,
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


@pytest.mark.parametrize(('v', 'base'), [(-10.0, 0.0), (-2.0, 0.0), (-1e-6, 0.5), (1.0, 1.0)])
def test_one_number_for_x_and_y_outside_of_the_picture_may_be_a_mark(v: float, base: float) -> None:
    xy, flags = np.array([[30.0, 40.0], [v, v]]), np.full(2, 2)
    with pytest.raises(ValueError, match=f'--missing {v:g}, else --missing none'):
        without_marks(xy, flags, Marks(), base)
    assert without_marks(xy, flags, parse_marks([str(v)]), base)[1].tolist() == [2, 0]
    assert without_marks(xy, flags, parse_marks(['none']), base)[1].tolist() == [2, 2]
    inside = np.array([[30.0, 40.0], [5.0, 5.0]])
    assert without_marks(inside, flags, Marks(), base)[1].tolist() == [2, 2]


@pytest.mark.parametrize(('flag', 'kept'), [(1, 2), (2, 1)])
def test_flags_of_0_and_1_alone_mean_visible(flag: int, kept: int, schema: Path) -> None:
    header = ['image', *(f'{name}_{axis}' for name in NAMES for axis in 'xyv')]
    flags = np.array([1, 0, 1, 1, 1, 1, flag])
    rows = [[f'{i}.jpg', *np.c_[face(schema, i), flags].ravel()] for i in range(4)]
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = table(rows, header)
    found = by_name(run(schema, files))
    assert all(f[:, 2].tolist() == [kept, 0, *[kept] * 4, 2] for f in found.values())


def test_coordinates_from_minus_1_to_1_are_no_shares() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (7, 2))
    record = FaceRecord('a', Path('a'), points, np.full(7, 2), '', 'a:1')
    images = {'a': ImageInfo(300, 200, np.zeros((32, 32), np.uint8))}
    for units in (None, 'shares'):
        with pytest.raises(UserError, match='-1 to 1'):
            to_pixels([record], images, units)


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


@pytest.mark.parametrize(
    ('first', 'meta'), [(0, ''), (2, '<meta><task><size>6</size></task></meta>')]
)
def test_frames_that_are_counted_from_1_are_refused(first: int, meta: str, schema: Path) -> None:
    points = ';'.join(f'{x},{y}' for x, y in face(schema, 0))
    shapes = ''.join(f'<points frame="{i}" points="{points}"/>' for i in range(first, 6))
    track = f'<track label="face">{shapes}</track>'
    files = {f'frame_{i:06d}.jpg': picture(i) for i in range(1, 7)}
    files['a.xml'] = f'<annotations>{meta}{track}</annotations>'.encode()
    with pytest.raises(UserError, match='counted from 1'):
        run(schema, files)


def labelme(stated: str, **more: Any) -> bytes:
    shape = {'label': 'nose', 'points': [[5, 5]], 'shape_type': 'point', **more}
    content = {'shapes': [shape], 'imagePath': stated, 'imageData': 'abc'}
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ('pictures', 'stated', 'said'),
    [
        (['a.jpg'], 'a.jpg', 'a.jpg'),
        (['a.JPG', 'b.jpg'], 'a.jpg', 'a.JPG'),
        (['a.jpg'], 'old.jpg', 'a.jpg'),
        (['a.jpg'], '', 'a.jpg'),
        (['a.jpg', 'b.jpg'], 'b.jpg', 'two pictures'),
        (['a.jpg', 'raw/b.jpg'], 'raw\\b.jpg', 'two pictures'),
        (['b.jpg'], 'a.jpg', 'imageData alone'),
    ],
)
def test_labelme_files_that_were_renamed(
    pictures: list[str], stated: str, said: str, tmp_path: Path, schema: Path
) -> None:
    files = {'a.json': labelme(stated), **dict.fromkeys(pictures, b'x')}
    source = Source([write_files(tmp_path / 'in', files)], tmp_path)
    rows = read_labelme(source, load_schema(schema))
    found = list(build_faces(rows, Rules(source, load_schema(schema), 0.5)))[0]
    assert said in (found.reason if isinstance(found, BadRow) else found.image.name)


@pytest.mark.parametrize(('flag', 'expected'), [('Occluded', 1), ('hidden', 1), ('ok', 2)])
def test_flags_of_labelme(flag: str, expected: int, tmp_path: Path, schema: Path) -> None:
    files = {'a.json': labelme('a.jpg', flags={flag: True}), 'a.jpg': b'x'}
    source = Source([write_files(tmp_path / 'in', files)], tmp_path)
    assert next(read_labelme(source, load_schema(schema))).flags.tolist() == [expected]


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
        ('a.feather', b'ARROW1', 'Feather'),
        ('a.csv.gz', b'x', 'compressed'),
        ('a.json', b'{"people": []}', 'OpenPose'),
        ('a.json', b'{"faceLandmarks": []}', 'MediaPipe'),
        ('a.json', b'{"categories": {}, "items": []}', 'as datumaro, and no face in it has points'),
        ('a.json', b'[[1, 2, 3]]', 'JSON of an unknown form'),
        ('a.csv', b'annotation_id,image,kp\n1,a.jpg,[]', "Label Studio's CSV"),
        ('a.csv', b'scorer,me,me\nbodyparts,a,a', 'DeepLabCut'),
        ('a.csv', b'image,point,x,y\na.jpg,nose,1,2', 'a point a line'),
        ('a.csv', b'image,face,point,x,y,score,visibility,scale,roll,is_face', 'fanet detect'),
        ('a.json', b'{"images": [{"image": "a.jpg", "faces": []}]}', 'fanet detect'),
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


@pytest.mark.parametrize(
    ('second', 'other'),
    [('a.json', 'coco'), ('a.xml', 'dlib'), ('points.csv', 'csv'), ('list.txt', 'list'), ('', '')],
)
def test_points_in_two_formats_are_asked_for(
    second: str, other: str, tmp_path: Path, schema: Path
) -> None:
    files = {
        'a.json': b'{"images": [], "annotations": []}',
        'a.xml': b'<dataset><images/></dataset>',
        'points.csv': one_table(schema, '{i}.jpg', {}),
        'list.txt': b'a.jpg 1 2 3 4 5 6',
    }
    others = {
        'a.pts': b'version: 1',
        'persons.csv': b'image,age\na.jpg,3',
        'empty.txt': b'',
        'broken.json': b'{',
        'train.txt': b'a.jpg',
    }
    found = {**others, **{name: data for name, data in files.items() if name == second}}
    source = Source([write_files(tmp_path / 'in', found)], tmp_path)
    if not other:
        assert detect_layout(source) == 'pts'
        return
    with pytest.raises(UserError, match=f'as pts, and {second} as {other}: .*--format pts or'):
        detect_layout(source)


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
