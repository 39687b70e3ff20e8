"""Files as people have them: each face on its own picture and in its split."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.kind_files import (
    HEADER,
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
    pts_text,
)

pytestmark = pytest.mark.usefixtures('no_contact_sheet')


def csv_of_each(person: str, faces: list[np.ndarray]) -> Files:
    rows = [[f'{i:03d}.jpg', *points.ravel()] for i, points in enumerate(faces)]
    return {f'{person}/points.csv': table(rows)}


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


@pytest.mark.parametrize('kind', ['csv', 'coco', 'labelme', 'cvat', 'cvat_video', 'dlib'])
def test_the_size_that_a_file_states_is_the_pictures(kind: str, schema: Path) -> None:
    points = face(schema, 0) + 0.5
    pairs = zip(NAMES, points, strict=True)
    parts = ''.join(f'<part name="{n}" x="{x}" y="{y}"/>' for n, (x, y) in pairs)
    cvat = f'<points label="face" points="{";".join(f"{x},{y}" for x, y in points)}" frame="0"/>'
    track = f'<track>{cvat}</track>'
    shapes = [
        {'label': n, 'points': [p], 'shape_type': 'point'}
        for n, p in zip(NAMES, points.tolist(), strict=True)
    ]
    coco = coco_of([points], 'frame_000000.jpg')
    coco['images'][0].update(width=192, height=192)
    row = ['frame_000000.jpg', *points.ravel(), 192, 192]
    sized = table([row], [*HEADER, 'img_width', 'img_height'])
    size = '<original_size><width>192</width><height>192</height></original_size>'
    name, content = {
        'csv': ('a.csv', sized.decode()),
        'coco': ('a.json', json.dumps(coco)),
        'labelme': (
            'frame_000000.json',
            json.dumps(
                {
                    'shapes': shapes,
                    'imagePath': 'frame_000000.jpg',
                    'imageWidth': 192,
                    'imageHeight': 192,
                }
            ),
        ),
        'cvat': (
            'a.xml',
            '<annotations><image name="frame_000000.jpg" width="192" height="192">'
            f'{cvat}</image></annotations>',
        ),
        'cvat_video': ('a.xml', f'<annotations><meta>{size}</meta>{track}</annotations>'),
        'dlib': (
            'a.xml',
            '<dataset><images><image file="frame_000000.jpg" width="192" height="192">'
            f'<box top="1" left="1" width="90" height="90">{parts}</box></image></images>'
            '</dataset>',
        ),
    }[kind]
    with pytest.raises(UserError, match='of 192 x 192, and this one has 96 x 96'):
        run(schema, {name: content.encode(), 'frame_000000.jpg': picture(0)})


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


@pytest.mark.parametrize('column', ['subject', 'Person ID'])
def test_person_0_stays_on_one_side(column: str, schema: Path) -> None:
    rows = [[f'{i}.jpg', *face(schema, i).ravel(), i % 3] for i in range(12)]
    files = {f'{i}.jpg': picture(i) for i in range(12)}
    files['points.csv'] = table(rows, [*HEADER, column])
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


@pytest.mark.parametrize('shift', [0, 1.5, 7])
def test_a_face_annotated_twice(shift: float, schema: Path) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    rows = [[f'{i}.jpg', *face(schema, i).ravel()] for i in range(4)]
    files['points.csv'] = table([*rows, ['0.jpg', *(face(schema, 0) + shift).ravel()]])
    if shift:
        with pytest.raises(UserError, match='annotated twice'):
            run(schema, files)
    else:
        assert len(run(schema, files)) == 4


@pytest.mark.parametrize('end', ['\r', '\r\n'])
def test_a_table_with_the_line_ends_of_another_system(schema: Path, end: str) -> None:
    files = {f'{i}.jpg': picture(i) for i in range(4)}
    files['a.csv'] = one_table(schema, '{i}.jpg', files).replace(b'\n', end.encode())
    same(by_name(run(schema, files)), {f'{i}.jpg': face(schema, i) for i in range(4)})
