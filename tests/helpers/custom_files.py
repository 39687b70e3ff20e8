"""The same faces in every layout that the custom converter reads."""

from __future__ import annotations

import json

import numpy as np

from tests.helpers.tiny_releases import (
    encoded,
    photograph,
    pts_text,
)

FACES = 12
HIDDEN = 4
BOX = (10.0, 9.0, 75.0, 80.0)


def images() -> dict[str, bytes]:
    return {f'images/{i}.jpg': encoded(photograph(i)) for i in range(FACES)}


def pts_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    return {f'images/{i}.pts': pts_text(face).encode() for i, face in enumerate(points)}


def csv_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    header = ['image', *(f'{axis}{i}' for i in range(7) for axis in 'xy'), 'v4', 'age']
    header += ['bbox_x', 'bbox_y', 'bbox_w', 'bbox_h']
    rows = [[f'images/{i}.jpg', *face.ravel(), 1, 30 + i, *BOX] for i, face in enumerate(points)]
    lines = [','.join(map(str, row)) for row in [header, *rows]]
    return {'faces.csv': '\n'.join(lines).encode()}


def coco_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    flags = np.where(np.arange(7) == HIDDEN, 1, 2)[:, None]
    coco = {
        'images': [{'id': 5 + i, 'file_name': f'{i}.jpg'} for i in range(len(points))],
        'annotations': [
            {
                'id': i,
                'image_id': 5 + i,
                'keypoints': np.hstack([face, flags]).ravel().tolist(),
                'bbox': BOX,
                'age': 30 + i,
            }
            for i, face in enumerate(points)
        ],
        'categories': [],
    }
    return {'faces.json': json.dumps(coco).encode()}


def labelme_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    x, y, w, h = BOX
    corners = [[x + w + 0.5, y + 0.5], [x + 0.5, y + h + 0.5]]  # any two opposite ones
    files = {}
    for i, face in enumerate(points + 0.5):
        shapes = [
            {'label': name, 'points': [xy], 'shape_type': 'point', 'group_id': 3,
             'flags': {'occluded': k == HIDDEN}}
            for k, (name, xy) in enumerate(zip(names, face.tolist(), strict=True))
        ]  # fmt: skip
        shapes.append(
            {'label': 'face', 'points': corners, 'shape_type': 'rectangle', 'group_id': 3}
        )
        content = {'shapes': shapes[::-1], 'imagePath': f'..\\photos\\{i}.jpg', 'imageData': None}
        files[f'images/{i}.json'] = json.dumps(content).encode()
    return files


def cvat_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    x, y, w, h = BOX
    body = []
    for i, face in enumerate(points + 0.5):
        shapes = ''.join(
            f'<points label="{name}" outside="0" occluded="{int(k == HIDDEN)}" points="{px},{py}"/>'
            for k, (name, (px, py)) in enumerate(zip(names, face, strict=True))
        )
        body.append(
            f'<image id="{i}" name="{i}.jpg" width="96" height="96">'
            f'<skeleton label="face" group_id="1">{shapes}</skeleton>'
            f'<box label="face" group_id="1" xtl="{x + 0.5}" ytl="{y + 0.5}" '
            f'xbr="{x + w + 0.5}" ybr="{y + h + 0.5}"/></image>'
        )
    text = f'<?xml version="1.0"?><annotations><version>1.1</version>{"".join(body)}</annotations>'
    return {'annotations.xml': text.encode()}


def cvat_flat_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    """CVAT's older way: all points of a face in one shape."""
    body = ''.join(
        f'<image id="{i}" name="{i}.jpg"><points label="face" occluded="0" points="'
        + ';'.join(f'{x},{y}' for x, y in face)
        + '"/></image>'
        for i, face in enumerate(points + 0.5)
    )
    return {'annotations.xml': f'<annotations>{body}</annotations>'.encode()}


def dlib_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    x, y, w, h = BOX
    body = ''.join(
        f'<image file="images/{i}.jpg"><box top="{y}" left="{x}" width="{w}" height="{h}">'
        + ''.join(f'<part name="{k:02d}" x="{px}" y="{py}"/>' for k, (px, py) in enumerate(face))
        + '</box></image>'
        for i, face in enumerate(points)
    )
    head = "<?xml version='1.0' encoding='ISO-8859-1'?><?xml-stylesheet href='a.xsl'?>"
    return {'faces.xml': f'{head}<dataset><images>{body}</images></dataset>'.encode()}


def label_studio_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    """Per cent of a picture of 96 x 96, with a box for parent."""
    size = {'original_width': 96, 'original_height': 96}
    tasks = []
    for i, face in enumerate((points + 0.5) / 96 * 100):
        x, y, w, h = (100 / 96 * v for v in (BOX[0] + 0.5, BOX[1] + 0.5, *BOX[2:]))
        box = {'x': x, 'y': y, 'width': w, 'height': h, 'rectanglelabels': ['Face']}
        result = [{'id': 'r', 'type': 'rectanglelabels', 'value': box, **size}]
        for name, (px, py) in zip(names, face.tolist(), strict=True):
            value = {'x': px, 'y': py, 'width': 0.5, 'keypointlabels': [name]}
            result.append({'type': 'keypointlabels', 'parentID': 'r', 'value': value, **size})
        data = {'image': f'/data/upload/4/{i}.jpg'}
        tasks.append({'id': i, 'data': data, 'annotations': [{'result': result}]})
    return {'project.json': json.dumps(tasks).encode()}


def via_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    x, y, w, h = BOX
    entries = {}
    for i, face in enumerate((points + 0.5).tolist()):
        regions = [
            {'shape_attributes': {'name': 'point', 'cx': px, 'cy': py},
             'region_attributes': {'part': name, 'face': 'a'}}
            for name, (px, py) in zip(names, face, strict=True)
        ]  # fmt: skip
        box = {'name': 'rect', 'x': x + 0.5, 'y': y + 0.5, 'width': w, 'height': h}
        regions.append({'shape_attributes': box, 'region_attributes': {'face': 'a'}})
        entries[f'{i}.jpg99'] = {'filename': f'{i}.jpg', 'size': 99, 'regions': regions}
    return {'via.json': json.dumps({'_via_img_metadata': entries}).encode()}


def list_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    x, y, w, h = BOX
    lines = [
        ' '.join(map(str, [*face.ravel(), x, y, x + w, y + h, 0, 0, 0, 0, 1, 0, f'images/{i}.jpg']))
        for i, face in enumerate(points)
    ]
    return {'list.txt': '\n'.join(lines).encode()}


def yolo_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    """Shares of a picture of 96 x 96."""
    x, y, w, h = BOX
    box = [(x + w / 2 + 0.5) / 96, (y + h / 2 + 0.5) / 96, w / 96, h / 96]
    flags = np.where(np.arange(7) == HIDDEN, 1, 2)[:, None]
    files = {}
    for i, face in enumerate((points + 0.5) / 96):
        values = [*box, *np.hstack([face, flags]).ravel()]
        files[f'labels/{i}.txt'] = ' '.join(['0', *map(str, values)]).encode()
    return files


def supervisely_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    """A graph a face, its nodes in another order than the points."""
    nodes = {f'uuid{k}': {'label': name, 'loc': [0, 0]} for k, name in enumerate(names)}
    meta = {'classes': [{'title': 'face', 'geometry_config': {'nodes': nodes}}]}
    files = {'meta.json': json.dumps(meta).encode()}
    for i, face in enumerate(points.tolist()):
        at = {f'uuid{k}': {'loc': xy} for k, xy in reversed(list(enumerate(face)))}
        graph = {'classTitle': 'face', 'geometryType': 'graph', 'nodes': at}
        content = {'size': {'width': 96, 'height': 96}, 'objects': [graph], 'tags': []}
        files[f'ann/{i}.jpg.json'] = json.dumps(content).encode()
    return files


def datumaro_files(points: np.ndarray, names: tuple[str, ...]) -> dict[str, bytes]:
    """Points in reverse order, named in it, with a box of the same group."""
    flags = [1 if k == HIDDEN else 2 for k in range(7)][::-1]
    items = []
    for i, face in enumerate(points):
        annotations = [
            {'type': 'points', 'label_id': 0, 'group': 1, 'points': face[::-1].ravel().tolist(),
             'visibility': flags},
            {'type': 'bbox', 'label_id': 0, 'group': 1, 'bbox': BOX},
        ]  # fmt: skip
        image = {'path': f'{i}.jpg', 'size': [96, 96]}
        items.append({'id': str(i), 'annotations': annotations, 'image': image})
    sets = [{'label_id': 0, 'labels': names[::-1], 'joints': []}]
    categories = {'label': {'labels': [{'name': 'face'}]}, 'points': {'items': sets}}
    content = {'info': {}, 'categories': categories, 'items': items}
    return {'annotations/default.json': json.dumps(content).encode()}


WRITERS = {
    'pts': pts_files,
    'csv': csv_files,
    'coco': coco_files,
    'labelme': labelme_files,
    'cvat': cvat_files,
    'dlib': dlib_files,
    'label_studio': label_studio_files,
    'via': via_files,
    'supervisely': supervisely_files,
    'datumaro': datumaro_files,
    'list': list_files,
    'yolo': yolo_files,
}
