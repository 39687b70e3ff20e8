"""Formats that are known but not read: named, with the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fanet_mmpose.datasets.converters.source import Source

_BY_SUFFIX = {
    '.mat': 'a MATLAB file',
    '.npy': 'a NumPy file',
    '.npz': 'a NumPy file',
    '.pkl': 'a pickle, which is never opened as it may run code',
    '.pickle': 'a pickle, which is never opened as it may run code',
    '.xlsx': 'a spreadsheet',
    '.xls': 'a spreadsheet',
    '.ods': 'a spreadsheet',
    '.parquet': 'a Parquet file',
    '.feather': 'a Feather file',
    '.arrow': 'an Arrow file',
    '.h5': 'an HDF5 file',
    '.hdf5': 'an HDF5 file',
    '.lmdb': 'an LMDB database',
    '.mdb': 'a database',
    '.db': 'a database, perhaps of SQLite',
    '.sqlite': 'an SQLite database',
    '.gz': 'a compressed file, which only as .tar.gz is unpacked',
    '.tfrecord': 'TFRecord',
    '.ndjson': "Labelbox' NDJSON",
    '.jsonl': 'JSON Lines',
    '.asf': 'an ASF file',
    '.land': 'a landmark file of another tool',
    '.pp': 'a MeshLab file',
    '.yaml': 'YAML',
    '.yml': 'YAML',
}
_OURS = 'the output of `fanet detect` (tools/misc/propose_labels.py drafts labels)'
WAY_OUT = 'save the points as a table (image,x0,y0,...), or export COCO keypoints'


def name_format(source: Source, contents: Mapping[Path, Any]) -> str:
    """One sentence on the first known format that is there, ``''`` for none."""
    for path, content in contents.items():
        known = _of_content(content)
        if known:
            return f'{path.name} is {known}, which is not read; {WAY_OUT}'
    for path, content in contents.items():
        if isinstance(content, (dict, list)):
            return f'{path.name} is JSON of an unknown form, which is not read; {WAY_OUT}'
    for path in source.files:
        known = _BY_SUFFIX.get(path.suffix.lower())
        if known:
            return f'{path.name} is {known}, which is not read; {WAY_OUT}'
    return ''


def name_table(columns: Iterable[str]) -> str:
    """What a table without columns of points is, by the names of its columns; ``''``: unknown."""
    names = {name.strip().lower() for name in columns}
    if {'annotation_id', 'annotator', 'lead_time'} & names:
        return "Label Studio's CSV without key points"
    if 'scorer' in names:
        return "DeepLabCut's table"
    if {'x', 'y', 'scale', 'is_face'} <= names:
        return _OURS
    if {'x', 'y'} <= names:
        return 'a table of a point a line (write a face a line)'
    if {'points', 'landmarks', 'keypoints'} & names:
        return 'a table with all points in one cell'
    return ''


def _of_content(content: Any) -> str:
    tag = getattr(content, 'tag', None)
    if tag == 'annotation':
        return 'Pascal VOC, which has no points'
    if isinstance(content, dict):
        images = content.get('images')
        if isinstance(images, list) and images and {'image', 'faces'} <= set(images[0]):
            return _OURS
        if 'project' in content and 'metadata' in content and 'file' in content:
            return "VIA 3's project"
        if 'people' in content or 'face_keypoints_2d' in content:
            return "OpenPose's output"
        if {'faceLandmarks', 'face_landmarks', 'multi_face_landmarks'} & set(content):
            return "MediaPipe's output, in shares of the picture"
        if 'instances' in content and 'metadata' in content:
            return "SuperAnnotate's JSON"
        if 'item' in content and 'annotations' in content:
            return "V7 Darwin's JSON"
        if 'annotations' in content and 'images' not in content:
            return 'JSON with "annotations" but no "images"'
    if isinstance(content, list) and content and isinstance(content[0], dict):
        first = content[0]
        if 'Labeled Data' in first or 'data_row' in first:
            return "Labelbox' JSON"
        if 'keypoints' in first and 'image_id' in first:
            return 'a COCO results file, which names no pictures'
        if {'label', 'points'} <= set(first) or 'instances' in first:
            return "SuperAnnotate's JSON"
    return ''
