"""dlib's training files (imglab): ``image`` elements with a ``box`` of named ``part`` points.

Pixels from 0, pixel centres at whole numbers. Boxes without parts, and those to be ignored, are no
faces.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from fanet_mmpose.datasets.converters.custom_common import load_xml, stated_size, yes_or_no
from fanet_mmpose.datasets.converters.custom_face import RawFace, RawRows
from fanet_mmpose.datasets.converters.records import all_visible, try_row
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.geometry.boxes import xywh_to_xyxy
from fanet_mmpose.geometry.schemas import PointSchema


def is_dlib(source: Source, path: Path, content: Any) -> bool:
    """Whether an XML file's root is imglab's."""
    return content.tag == 'dataset' and content.find('images') is not None


def read_dlib(source: Source, schema: PointSchema) -> RawRows:
    """Faces of every imglab file."""
    for path in source.find('*.xml'):
        root = load_xml(source, path)
        if not is_dlib(source, path, root):
            continue
        for image in root.iter('image'):
            for i, box in enumerate(image.findall('box'), start=1):
                name = image.get('file', '')
                where = f'{source.relative(path)}:{name}, box {i}'
                yield try_row(where, name, partial(_parse, path, where, image, box))


def _parse(path: Path, where: str, image: Element, box: Element) -> RawFace:
    parts = box.findall('part')
    xy = np.array([[part.get('x'), part.get('y')] for part in parts], dtype=np.float64)
    sides = [box.get(side, 'nan') for side in ('left', 'top', 'width', 'height')]
    ignored = yes_or_no(box.get('ignore')) is True
    return RawFace(
        path=path,
        where=where,
        image=image.get('file', ''),
        xy=xy.reshape(-1, 2),
        flags=all_visible(parts),
        labels=tuple(part.get('name', '') for part in parts),
        rect=xywh_to_xyxy(np.array(sides, dtype=np.float64)),
        no_face=''
        if parts and not ignored
        else 'it is to be ignored'
        if ignored
        else 'it has no parts',
        size=stated_size(image.get('width'), image.get('height')),
    )
