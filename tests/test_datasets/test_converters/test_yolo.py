"""YOLO pose labels, frames of videos and hidden points: read, kept together, asked for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.datasets.converters import Options, convert, convert_dataset
from fanet_mmpose.datasets.converters.custom_yolo import read_yolo
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import load_schema
from tests.helpers.tiny_releases import encoded, photograph, toy_face, write_files

SCHEMA = """
name: mask7
points: [left_eye, right_eye, left_brow, right_brow, nose, left_mouth, right_mouth]
flip_pairs: [[left_eye, right_eye], [left_brow, right_brow], [left_mouth, right_mouth]]
parts: {eyes: [left_eye, right_eye], brows: [2, 3], nose: [nose], mouth: [5, 6]}
eye_corners: [[left_eye], [right_eye]]
"""
SPLITS = {'train': 'train', 'valid': 'val', 'test': 'test'}


@pytest.fixture(autouse=True)
def _no_contact_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, 'write_contact_sheet', lambda *arguments: None)


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    (tmp_path / 'mask7.yaml').write_text(SCHEMA)
    return tmp_path / 'mask7.yaml'


def run(schema: Path, files: dict[str, bytes], **more: object) -> dict[str, np.ndarray]:
    """[7, 3] points by split and name of the picture."""
    out = schema.parent / 'out'
    source = write_files(schema.parent / 'in', files)
    convert_dataset(Options('custom', (source,), out, schema=str(schema), **more))
    found = {}
    for path in (out / 'annotations').glob('*.json'):
        content = json.loads(path.read_text())
        names = {image['id']: Path(image['file_name']).name for image in content['images']}
        for one in content['annotations']:
            points = np.array(one['keypoints']).reshape(-1, 3)
            found[f'{path.stem}/{names[one["image_id"]]}'] = points
    return found


def face(schema: Path, seed: int) -> np.ndarray:
    return toy_face(load_schema(schema), seed)


def line(points: np.ndarray, flags: np.ndarray | None, kind: int = 0) -> str:
    height, width = photograph(0).shape[:2]
    size = np.array([width, height])
    shares = (points + 0.5) / size
    box = (points.min(0) + points.max(0) + 1) / 2 / size, np.ptp(points, axis=0) / size
    values = shares if flags is None else np.c_[shares, flags]
    return ' '.join([str(kind), *(f'{v:.8f}' for v in (*np.ravel(box), *values.ravel()))])


@pytest.mark.parametrize('with_flags', [True, False])
@pytest.mark.parametrize('folders', [('images', 'labels'), ('', '')])
def test_shares_become_pixels_and_folders_splits(
    with_flags: bool, folders: tuple[str, str], schema: Path
) -> None:
    pictures, labels = (f'{name}/' if name else '' for name in folders)
    flags = np.array([2, 2, 1, 2, 2, 2, 2]) if with_flags else None
    files = {'README.roboflow.txt': b'Exported'}
    for i, split in enumerate((*SPLITS, 'train')):
        files[f'{split}/{pictures}{i}.jpg'] = encoded(photograph(i))
        files[f'{split}/{labels}{i}.txt'] = line(face(schema, i), flags).encode()
    files[f'train/{pictures}empty.jpg'] = encoded(photograph(9))
    files[f'train/{labels}empty.txt'] = b''
    found = run(schema, files)
    assert set(found) == {'train/0.jpg', 'val/1.jpg', 'test/2.jpg', 'train/3.jpg'}
    for name, points in found.items():
        np.testing.assert_allclose(points[:, :2], face(schema, int(name[-5])), atol=2e-3)
        assert points[:, 2].tolist() == ([2, 2, 1, 2, 2, 2, 2] if with_flags else [2] * 7)


def test_names_of_points_and_classes_decide(schema: Path) -> None:
    names = load_schema(schema).point_names
    order = [6, 5, 4, 3, 2, 1, 0]
    files = {
        'data.yaml': json.dumps(
            dict(kpt_shape=[7, 3], names=['hand', 'face'], kpt_names={1: [names[i] for i in order]})
        ).encode()
    }
    flags = np.full(7, 2)
    for i in range(4):
        points = face(schema, i)
        hand = line(points + 3, flags, kind=0)
        files[f'images/{i}.jpg'] = encoded(photograph(i))
        files[f'labels/{i}.txt'] = f'{line(points[order], flags, kind=1)}\n{hand}\n'.encode()
    found = run(schema, files)
    assert len(found) == 4
    for name, points in found.items():
        np.testing.assert_allclose(points[:, :2], face(schema, int(name[-5])), atol=2e-3)


@pytest.mark.parametrize(
    ('name', 'content', 'said'),
    [
        ('a.txt', b'0 .5 .5 .2 .2 .4 .4 2 .6 .4 2', '10 numbers after the class where 18 or 25'),
        (
            'a.csv',
            b'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,9,9,face,1,1,5,5\n',
            'has boxes .* and no points, as every table of Roboflow',
        ),
    ],
)
def test_what_holds_no_such_points_is_named(
    name: str, content: bytes, said: str, schema: Path
) -> None:
    with pytest.raises(UserError, match=said):
        run(schema, {name: content, 'a.jpg': encoded(photograph(0))})


def cvat_video(schema: Path, seeds: range) -> bytes:
    names = load_schema(schema).point_names
    frames = ''
    for frame, seed in enumerate(seeds):
        parts = ''.join(
            f'<points label="{name}" outside="0" points="{x + 0.5:.3f},{y + 0.5:.3f}"/>'
            for name, (x, y) in zip(names, face(schema, seed), strict=True)
        )
        frames += f'<skeleton frame="{frame}">{parts}</skeleton>'
    return f'<annotations><track id="0" label="face">{frames}</track></annotations>'.encode()


def test_frames_of_a_video_stay_together(schema: Path) -> None:
    files = {}
    for video in range(6):
        seeds = range(8 * video, 8 * video + 8)
        files[f'v{video}/annotations.xml'] = cvat_video(schema, seeds)
        for frame, seed in enumerate(seeds):
            files[f'v{video}/images/frame_{frame:06d}.png'] = encoded(photograph(seed), '.png')
    source = write_files(schema.parent / 'in', files)
    out = schema.parent / 'out'
    convert_dataset(Options('custom', (source,), out, schema=str(schema), test_every=3))
    splits: dict[str, set[str]] = {}
    for path in (out / 'annotations').glob('*.json'):
        for image in json.loads(path.read_text())['images']:
            splits.setdefault(image['file_name'].split('/')[1], set()).add(path.stem)
    assert len(splits) == 6 and all(len(found) == 1 for found in splits.values())
    assert set().union(*splits.values()) == {'train', 'val', 'test'}


def test_aliases_that_multiply_are_refused(schema: Path) -> None:
    folder = write_files(schema.parent / 'in', {'a.txt': b'0'})
    pairs = zip('abcdefgh', 'bcdefghi', strict=True)
    lines = ['a: &a [x, x]', *(f'{b}: &{b} [{", ".join([f"*{a}"] * 9)}]' for a, b in pairs)]
    (folder / 'data.yaml').write_text('\n'.join([*lines, 'names: *i']))
    with pytest.raises(UserError, match=r'data\.yaml: its names or kpt_names are not as YOLO'):
        list(read_yolo(Source((folder,), folder), load_schema(schema)))


def test_signs_that_hide_points_are_asked_for(schema: Path) -> None:
    files = {}
    for i in range(4):
        points = face(schema, i) + 1
        points[0] *= -1
        rows = ''.join(f'{x:.3f} {y:.3f}\n' for x, y in points)
        files[f'{i}.pts'] = f'version: 1\nn_points: 7\n{{\n{rows}}}\n'.encode()
        files[f'{i}.jpg'] = encoded(photograph(i))
    with pytest.raises(UserError, match='lies in the face.*--missing signs'):
        run(schema, files)
    for name, points in run(schema, files, missing=('signs',)).items():
        np.testing.assert_allclose(points[:, :2], face(schema, int(name[-5])), atol=2e-3)
        assert points[:, 2].tolist() == [1, 2, 2, 2, 2, 2, 2]


def test_a_missing_picture_is_not_taken_from_a_folder_that_counts_alike(schema: Path) -> None:
    files = {}
    for i in range(4):
        points = face(schema, i) + 1
        rows = ''.join(f'{x:.3f} {y:.3f}\n' for x, y in points)
        files[f'anna/{i}.pts'] = f'version: 1\nn_points: 7\n{{\n{rows}}}\n'.encode()
        files[f'{"bert" if i == 1 else "anna"}/{i}.jpg'] = encoded(photograph(i))
    with pytest.raises(UserError, match='anna/1.pts: no image beside 1.pts'):
        run(schema, files)


@pytest.mark.parametrize(
    ('more', 'fits'),
    [
        ('flip_idx: [1, 0, 3, 2, 4, 6, 5]', True),
        ('flip_idx: [0, 1, 2, 3, 4, 5, 6]', True),
        ('flip_idx: [2, 1, 0, 3, 4, 6, 5]', False),
        ('flip_idx: [2, 1, 0, 3, 4, 6, 5]\nkpt_names: {0: [NAMES]}', True),
    ],
)
@pytest.mark.parametrize('name', ['data.yaml', 'my-pose.yml'])
def test_pairs_that_contradict_the_schema(
    name: str, more: str, fits: bool, schema: Path, tmp_path: Path
) -> None:
    points = load_schema(schema)
    text = f'names: [face]\nkpt_shape: [7, 3]\n{more}'
    text = text.replace('NAMES', ', '.join(points.point_names))
    files = {name: text.encode(), 'a.txt': line(face(schema, 0), None).encode()}
    source = Source([write_files(tmp_path / 'in', files)], tmp_path)
    if fits:
        assert len(list(read_yolo(source, points))) == 1
        return
    with pytest.raises(UserError, match='pairs the points 0 and 2, and the schema mask7 pairs 0'):
        list(read_yolo(source, points))
