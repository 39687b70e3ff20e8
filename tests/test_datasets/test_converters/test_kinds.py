"""Files as people have them: each face on its own picture, in its split, with its points."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fanet_mmpose.datasets.converters import Options, convert, convert_dataset
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.tiny_releases import (
    encoded,
    photograph,
    pts_text,
    read_annotations,
    toy_face,
    write_files,
)

SCHEMA = """
name: mask7
points: [left_eye, right_eye, left_brow, right_brow, nose, left_mouth, right_mouth]
flip_pairs: [[left_eye, right_eye], [left_brow, right_brow], [left_mouth, right_mouth]]
parts: {eyes: [left_eye, right_eye], brows: [2, 3], nose: [nose], mouth: [5, 6]}
eye_corners: [[left_eye], [right_eye]]
"""
NAMES = ('left_eye', 'right_eye', 'left_brow', 'right_brow', 'nose', 'left_mouth', 'right_mouth')
HEADER = ['image', *(f'{name}_{axis}' for name in NAMES for axis in 'xy')]
Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def _no_contact_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, 'write_contact_sheet', lambda *arguments: None)


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / 'mask7.yaml'
    path.write_text(SCHEMA)
    return path


def face(schema: Path, seed: int) -> np.ndarray:
    """[7, 2] with points of a hundredth of a pixel."""
    return toy_face(load_schema(schema), seed).round(2)


def picture(seed: int) -> bytes:
    return encoded(photograph(seed))


def table(rows: list[list[Any]], header: list[str] = HEADER, delimiter: str = ',') -> bytes:
    return '\n'.join(delimiter.join(map(str, row)) for row in [header, *rows]).encode()


def run(schema: Path, files: Mapping[str, bytes], **options: Any) -> dict[str, np.ndarray]:
    """[7, 3] points of each picture with one face, by split and name below ``images/``."""
    source = write_files(schema.parent / 'in', files)
    out = schema.parent / 'out'
    options = {'schema': str(schema), **options}
    convert_dataset(Options('custom', (source,), out, **options))
    found: dict[str, np.ndarray] = {}
    for path in sorted((out / 'annotations').glob('*.json')):
        coco = read_annotations(out, path.stem)
        names = {image['id']: image['file_name'] for image in coco['images']}
        for annotation in coco['annotations']:
            key = f'{path.stem}:{names[annotation["image_id"]].removeprefix("images/")}'
            assert key not in found, 'two faces on one picture'
            found[key] = np.array(annotation['keypoints']).reshape(-1, 3)
    return found


def by_name(found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {key.split(':', 1)[1]: points for key, points in found.items()}


def same(found: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> None:
    assert set(found) == set(truth)
    for name, points in truth.items():
        np.testing.assert_allclose(found[name][:, :2], points, atol=2e-3, err_msg=name)


# ------------------------------------------------------------------------------- which picture
def csv_of_each(person: str, faces: list[np.ndarray]) -> Files:
    rows = [[f'{i:03d}.jpg', *points.ravel()] for i, points in enumerate(faces)]
    return {f'{person}/points.csv': table(rows)}


def coco_of(faces: list[np.ndarray], name: str = '{i:03d}.jpg', **more: Any) -> dict[str, Any]:
    return {
        'images': [{'id': i, 'file_name': name.format(i=i)} for i in range(len(faces))],
        'annotations': [
            {
                'id': i,
                'image_id': i,
                'category_id': 1,
                'keypoints': np.c_[points, np.full(7, 2)].ravel().tolist(),
            }
            for i, points in enumerate(faces)
        ],
        'categories': [{'id': 1, 'name': 'face', 'keypoints': list(NAMES)}],
        **more,
    }


def coco_beside(person: str, faces: list[np.ndarray]) -> Files:
    return {f'{person}/annotations/faces.json': json.dumps(coco_of(faces)).encode()}


def labelme_tree(person: str, faces: list[np.ndarray]) -> Files:
    files = {}
    for i, points in enumerate(faces):
        shapes = [
            {'label': n, 'points': [p], 'shape_type': 'point'}
            for n, p in zip(NAMES, (points + 0.5).tolist(), strict=True)
        ]
        image = f'..\\..\\images\\{person}\\{i:03d}.jpg'
        content = {'shapes': shapes, 'imagePath': image, 'imageData': None}
        files[f'labels/{person}/{i:03d}.json'] = json.dumps(content).encode()
    return files


def pts_tree(person: str, faces: list[np.ndarray]) -> Files:
    return {f'labels/{person}/{i:03d}.pts': pts_text(p).encode() for i, p in enumerate(faces)}


def cvat_of_each(person: str, faces: list[np.ndarray]) -> Files:
    body = ''.join(
        f'<image id="{i}" name="{i:03d}.jpg"><points label="face" points="'
        + ';'.join(f'{x},{y}' for x, y in points + 0.5)
        + '"/></image>'
        for i, points in enumerate(faces)
    )
    return {f'{person}/a.xml': f'<annotations>{body}</annotations>'.encode()}


def list_with_old_paths(person: str, faces: list[np.ndarray]) -> Files:
    lines = [
        f'D:\\set\\{person}\\{i:03d}.jpg ' + ' '.join(map(str, points.ravel()))
        for i, points in enumerate(faces)
    ]
    return {f'lists/{person}.txt': '\n'.join(lines).encode()}


PLACES = {
    csv_of_each: '{person}/{i:03d}.jpg',
    coco_beside: '{person}/images/{i:03d}.jpg',
    labelme_tree: 'images/{person}/{i:03d}.jpg',
    pts_tree: 'images/{person}/{i:03d}.jpg',
    cvat_of_each: '{person}/{i:03d}.jpg',
    list_with_old_paths: '{person}/{i:03d}.jpg',
}


@pytest.mark.parametrize('make', PLACES, ids=lambda make: make.__name__)
def test_folders_that_count_alike(make: Any, schema: Path) -> None:
    files, truth = {}, {}
    for k, person in enumerate(('anna', 'ben')):
        faces = [face(schema, 10 * k + i) for i in range(6)]
        files.update(make(person, faces))
        for i, points in enumerate(faces):
            path = PLACES[make].format(person=person, i=i)
            files[path], truth[path] = picture(10 * k + i), points
    same(by_name(run(schema, files)), truth)


def one_table(schema: Path, said: str, files: Files) -> bytes:
    return table([[said.format(i=i), *face(schema, i).ravel()] for i in range(4)])


def test_two_candidates_are_refused_by_name(schema: Path) -> None:
    files = {f'{p}/{i}.jpg': picture(i) for p in ('anna', 'ben') for i in range(4)}
    files['points.csv'] = one_table(schema, '{i}.jpg', files)
    with pytest.raises(UserError, match=r'2 pictures .*anna/0\.jpg.*ben/0\.jpg'):
        run(schema, files)


def test_another_folder_than_named_is_no_match(schema: Path) -> None:
    files = {f'ben/{i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = one_table(schema, 'anna/{i}.jpg', files)
    with pytest.raises(UserError, match=r"'anna/0\.jpg' is missing; .*ben/0\.jpg has its last"):
        run(schema, files)


def test_two_old_folders_cannot_share_one(schema: Path) -> None:
    files = {f'ben/{i}.jpg': picture(i) for i in range(4)}
    rows = [
        [f'/old/{p}/{i}.jpg', *face(schema, i).ravel()] for p in ('anna', 'ben') for i in (0, 1)
    ]
    rows[0][0] = '/old/anna/2.jpg'
    files['points.csv'] = table(rows[:1] + rows[2:])
    with pytest.raises(UserError, match='anna and of|ben and of'):
        run(schema, files)


@pytest.mark.parametrize(
    'said',
    [
        'R\u00e9n {i}.jpg', 'RE\u0301N {i}.JPG', 're\u0301n%20{i}.jpg', 'a\\re\u0301n {i}.jpg',
        'C:\\x\\a\\re\u0301n {i}.jpg', './a/re\u0301n {i}.jpg', 'http://host/a/r%C3%A9n%20{i}.jpg',
        '/data/local-files/?d=a/re\u0301n {i}.jpg', '..\\..\\up\\re\u0301n {i}.jpg',
        're\u0301n {i}', '  re\u0301n {i}.jpg',
    ],
)  # fmt: skip
def test_forms_of_names(said: str, schema: Path) -> None:
    stem = unicodedata.normalize('NFD', 'r\u00e9n')
    files = {f'a/{stem} {i}.jpg': picture(i) for i in range(4)}
    files['points.csv'] = one_table(schema, said, files)
    same(by_name(run(schema, files)), {f'a/{stem} {i}.jpg': face(schema, i) for i in range(4)})


def test_a_mask_beside_the_picture_is_refused(schema: Path) -> None:
    files = {f'{i}.{s}': picture(i) for i in range(4) for s in ('jpg', 'png')}
    files.update({f'{i}.pts': pts_text(face(schema, i)).encode() for i in range(4)})
    with pytest.raises(UserError, match=r'0\.jpg.*0\.png'):
        run(schema, files)


# --------------------------------------------------------------------------------- which split
def test_folders_of_coco_and_csv_are_splits(schema: Path) -> None:
    files: Files = {}
    for k, split in enumerate(('train', 'valid', 'test')):
        faces = [face(schema, 10 * k + i) for i in range(3)]
        # A word in a picture's own name says nothing.
        coco = coco_of(faces, 'test_train_{i}.jpg')
        files[f'{split}/_annotations.coco.json'] = json.dumps(coco).encode()
        files.update({f'{split}/test_train_{i}.jpg': picture(10 * k + i) for i in range(3)})
    assert {key.split('/')[0] for key in run(schema, files)} == {
        'train:train',
        'val:valid',
        'test:test',
    }


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        (('train', 'dev', 'eval'), None),
        (('Training', 'VALID', 'test2'), None),
        (('train', 'val', 'extra'), "'extra' is not known"),
        (('train', '', 'test'), 'says no split'),
        (('test', 'test', 'test'), 'none is left for training'),
    ],
)
def test_words_of_splits(words: tuple[str, ...], said: str | None, schema: Path) -> None:
    rows = [[f'{i}.jpg', *face(schema, i).ravel(), words[i // 4]] for i in range(12)]
    files = {f'{i}.jpg': picture(i) for i in range(12)}
    files['points.csv'] = table(rows, [*HEADER, 'split'])
    if said:
        with pytest.raises(UserError, match=said):
            run(schema, files)
        return
    found = run(schema, files)
    expected = {
        f'{s}:{i}.jpg'
        for k, s in enumerate(('train', 'val', 'test'))
        for i in range(4 * k, 4 * k + 4)
    }
    assert set(found) == expected


def test_person_0_stays_on_one_side_and_so_do_twins(schema: Path) -> None:
    rows = [[f'{i}.jpg', *face(schema, i).ravel(), i % 3] for i in range(12)]
    files = {f'{i}.jpg': picture(i) for i in range(12)}
    files['points.csv'] = table(rows, [*HEADER, 'subject'])
    found = run(schema, files, test_every=2, val_every=2)
    for person in range(3):
        mine = {k.split(':')[0] for k in found if int(Path(k.split(':')[1]).stem) % 3 == person}
        assert len(mine) == 1


def test_mirror_images_stay_with_their_pictures(schema: Path) -> None:
    flip = load_schema(schema).flip_indices
    files: Files = {}
    rows = []
    for i in range(8):
        points, image = face(schema, i), photograph(i)
        files[f'{i}.jpg'], files[f'{i}_mirror.jpg'] = encoded(image), encoded(image[:, ::-1].copy())
        rows.append([f'{i}.jpg', *points.ravel()])
        rows.append([f'{i}_mirror.jpg', *(points[flip] * [-1, 1] + [95, 0]).ravel()])
    files['points.csv'] = table(rows)
    found = run(schema, files, test_every=2, val_every=2)
    sides = {key.split(':')[1]: key.split(':')[0] for key in found}
    assert len(sides) == 16 and all(sides[f'{i}.jpg'] == sides[f'{i}_mirror.jpg'] for i in range(8))


# ----------------------------------------------------------------------------- which are faces
@pytest.mark.parametrize(
    'other',
    [
        {'iscrowd': 1},
        {'category_id': 2},
        {'category_id': 2, 'keypoints': None},
        {'keypoints': []},
        {'keypoints': [0] * 21},
        {'ignore': 1},
    ],
)
def test_what_is_no_face_is_left_out_and_counted(other: dict[str, Any], schema: Path) -> None:
    faces = [face(schema, i) for i in range(4)]
    coco = coco_of(faces)
    coco['categories'].append({'id': 2, 'name': 'dog', 'keypoints': list(NAMES)})
    for i, points in enumerate(faces):
        wrong = np.c_[points * 0.5 + 3, np.full(7, 2)].ravel().tolist()
        more = {**coco['annotations'][i], 'id': 90 + i, 'keypoints': wrong, **other}
        coco['annotations'].append(more)
    files = {f'{i:03d}.jpg': picture(i) for i in range(4)}
    files['faces.json'] = json.dumps(coco).encode()
    same(by_name(run(schema, files)), {f'{i:03d}.jpg': p for i, p in enumerate(faces)})
    summary = json.loads((schema.parent / 'out/summary.json').read_text())
    assert summary['quarantined'] == {'left out': 4}


def test_categories_that_may_both_be_faces_are_asked_for(schema: Path) -> None:
    coco = coco_of([face(schema, i) for i in range(4)])
    coco['categories'] = [
        {'id': i, 'name': name, 'keypoints': list(NAMES)} for i, name in ((1, 'cat'), (2, 'dog'))
    ]
    coco['annotations'][0]['category_id'] = 2
    files = {f'{i:03d}.jpg': picture(i) for i in range(4)}
    files['faces.json'] = json.dumps(coco).encode()
    with pytest.raises(UserError, match='--category'):
        run(schema, files)
    assert len(run(schema, files, categories=('cat',))) == 3


def test_repeated_ids_of_images_are_refused(schema: Path) -> None:
    coco = coco_of([face(schema, i) for i in range(4)])
    coco['images'][3]['id'] = 0
    files = {f'{i:03d}.jpg': picture(i) for i in range(4)}
    files['faces.json'] = json.dumps(coco).encode()
    with pytest.raises(UserError, match=r'id 0 is both 000\.jpg and 003\.jpg'):
        run(schema, files)


@pytest.mark.parametrize('shift', [0, 1.5])
def test_a_face_annotated_twice(shift: float, schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    rows = [[f'{i}.jpg', *face(schema, i).ravel()] for i in range(4)]
    files['points.csv'] = table([*rows, ['0.jpg', *(face(schema, 0) + shift).ravel()]])
    if shift:
        with pytest.raises(UserError, match='annotated twice'):
            run(schema, files)
    else:
        assert len(run(schema, files)) == 4


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
