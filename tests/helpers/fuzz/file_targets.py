"""Pictures, videos, archives, lists, boxes, results and annotations."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fanet_mmpose.corpus.sources import SourceOptions, open_source
from fanet_mmpose.datasets.annotations import load_annotations
from fanet_mmpose.datasets.converters.archives import extract
from fanet_mmpose.datasets.few_labels_dataset import read_draw
from fanet_mmpose.engine.config_options import ConfigOptions
from fanet_mmpose.evaluation.detector_boxes import add_detector_boxes
from fanet_mmpose.evaluation.results_file import load_results
from fanet_mmpose.evaluation.robustness.faces import annotated
from fanet_mmpose.evaluation.summary import summarize
from fanet_mmpose.evaluation.table import format_summary
from fanet_mmpose.images import load_image
from fanet_mmpose.inference.detectors.calibrate import annotated_faces, study
from fanet_mmpose.inference.detectors.cascade import read_cascade
from fanet_mmpose.inference.detectors.detector import Detections, build_detector
from fanet_mmpose.inference.video_source import VideoSource
from fanet_mmpose.labelling.lists import earlier_choices
from fanet_mmpose.labelling.weak_labels import read_weak_set
from helpers.fuzz.target import Target
from helpers.tiny_faces import write_split
from helpers.tiny_releases import encoded, photograph

NAME = 'face 1.jpg'
TARS = {'.tar': 'w', '.tar.gz': 'w:gz', '.tar.bz2': 'w:bz2', '.tar.xz': 'w:xz'}


def file_targets() -> Iterator[Target]:
    """All of them."""
    yield from _pictures()
    yield from _annotations()
    yield from _lists()
    yield from _archives()
    yield Target('video', {'a.avi': _video()}, ['a.avi'], lambda: _drain(VideoSource('a.avi')))
    options = b'model.head.loss_weight=0.5 train_dataloader.batch_size=[1,(2,3)] a.b=c'
    yield Target('cfg-options', {'o.txt': options}, ['o.txt'], _parse_options)


def _drain(items: object) -> None:
    for _ in items:  # type: ignore[attr-defined]
        pass


def _pictures() -> Iterator[Target]:
    for suffix in ('.jpg', '.png', '.bmp', '.tiff', '.webp', '.gif'):
        buffer = io.BytesIO()
        if suffix in ('.tiff', '.gif', '.webp'):
            turned = Image.Exif()
            turned[0x0112] = 6
            Image.fromarray(photograph(1)).save(buffer, suffix[1:].upper(), exif=turned)
        content = buffer.getvalue() or encoded(photograph(1), suffix)
        name = f'face{suffix}'
        yield Target(f'picture {suffix[1:]}', {name: content}, [name],
                     lambda name=name: load_image(name))  # fmt: skip


def _video() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'a.avi'
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 20, (96, 96))
        for seed in range(6):
            writer.write(photograph(seed))
        writer.release()
        return path.read_bytes()


def _annotations() -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder:
        write_split(Path(folder), 'train', 4)
        root = Path(folder)
        paths = [path for path in root.rglob('*') if path.is_file()]
        files = {str(path.relative_to(root)): path.read_bytes() for path in paths}
    name = 'annotations/train.json'
    content = json.loads(files[name])
    for image in content['images']:
        image['file_name'] = f'images/{image["file_name"]}'
    files[name] = json.dumps(content).encode()
    results = _results(content)

    def score(annotations: str | None = None) -> None:
        format_summary(summarize(load_results('results.json', annotations), 'inter_ocular'))

    def find(image: np.ndarray, path: str) -> np.ndarray:
        return np.array([[8.0, 8.0, 56.0, 56.0]])

    def detect(image: np.ndarray, path: str) -> Detections:
        return Detections([[8.0, 8.0, 56.0, 56.0]], [1.0])

    weak = {**content, 'annotations': [
        {**face, 'machine98': [1.5] * 196} for face in content['annotations']]}  # fmt: skip
    yield Target('results', {'results.json': results}, ['results.json'], score)
    yield Target('results with annotations', {**files, 'results.json': results}, [name],
                 lambda: score(name))  # fmt: skip
    yield Target('annotations', files, [name], lambda: load_annotations(name))
    yield Target('boxes from a detector', files, [name], lambda: add_detector_boxes(
                 Path(name), Path('.'), Path('o.json'), find))  # fmt: skip
    yield Target('calibration of a detector', files, [name],
                 lambda: study(detect, annotated_faces('.', 'train')))  # fmt: skip
    yield Target('robustness', files, [name], lambda: annotated(Path(name), 4))
    yield Target('weak set', {'weak.json': json.dumps(weak).encode()}, ['weak.json'],
                 lambda: read_weak_set(Path('weak.json')).machine)  # fmt: skip


def _results(content: dict) -> bytes:
    faces = []
    for image, face in zip(content['images'], content['annotations'], strict=True):
        points = np.reshape(face['keypoints'], (-1, 3))
        faces.append({'id': face['id'], 'image': image['file_name'],
                      'predicted': (points + 1)[:, :2].tolist(),
                      'truth': points[:, :2].tolist(),
                      'scores': [0.5] * 68, 'visibility': points[:, 2].astype(int).tolist(),
                      'attributes': {'blur': 1}, 'box': [8, 8, 48, 48],
                      'box_size': 48})  # fmt: skip
    protocol = {'box_source': 'detector', 'flip_test': True}
    return json.dumps({'format': 'fanet_mmpose.results', 'version': 1, 'model': 'a',
                       'dataset': 'b', 'schema': '300w68', 'protocol': protocol,
                       'faces': faces}).encode()  # fmt: skip


def _lists() -> Iterator[Target]:
    boxes = json.dumps({'images': [{'image': NAME, 'faces': [
        {'box': [1, 2, 30, 40], 'score': 0.9, 'roll': 10}]}]}).encode()  # fmt: skip
    picture = np.zeros((64, 64, 3), np.uint8)
    yield Target('precomputed boxes', {'boxes.json': boxes}, ['boxes.json'],
                 lambda: build_detector('precomputed:boxes.json')(picture, NAME))  # fmt: skip
    image = encoded(photograph(1))
    table = f'image,person\n{NAME},1\nother.jpg,2\n'.encode()
    for name, content in {'list.txt': f'{NAME}\nother.jpg\n'.encode(), 'table.csv': table}.items():
        yield Target(f'annotate {name}', {name: content, NAME: image}, [name],
                     lambda name=name: _list_source(name))  # fmt: skip
    draw = b'# ids\n3\n1 # a remark\n2\n'
    yield Target(
        'draw of labels', {'draw.txt': draw}, ['draw.txt'], lambda: read_draw('draw.txt', 2)
    )
    chosen = b'image,score\na/1.jpg,0.5\nb/2.jpg,0.1\n'
    yield Target('earlier round', {'round/chosen.csv': chosen}, ['round/chosen.csv'],
                 lambda: earlier_choices([Path('round')]))  # fmt: skip
    cascade = Path(cv2.data.haarcascades) / 'haarcascade_frontalface_alt.xml'
    yield Target('cascade', {'cascade.xml': cascade.read_bytes()}, ['cascade.xml'],
                 lambda: read_cascade('cascade.xml'))  # fmt: skip


def _list_source(name: str) -> None:
    source = open_source(name, SourceOptions())
    source.count()
    _drain(source.items())


def _archives() -> Iterator[Target]:
    members = {'a/face.jpg': encoded(photograph(1)), 'b.txt': b'x' * 300, 'ä.txt': b''}
    for suffix, mode in TARS.items():
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as tar:
            for name, content in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        yield _archive(f'a{suffix}', buffer.getvalue())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    yield _archive('a.zip', buffer.getvalue())


def _archive(name: str, content: bytes) -> Target:
    def run() -> None:
        extract(Path(name), Path('out'))
        if name != 'a.zip':
            _list_source(name)

    return Target(f'archive {name[2:]}', {name: content}, [name], run)


def _parse_options() -> None:
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=ConfigOptions)
    text = Path('o.txt').read_bytes().decode('utf-8', 'replace')
    parser.parse_args(['--cfg-options', *(word for word in text.split(' ') if word[:1] != '-')])
