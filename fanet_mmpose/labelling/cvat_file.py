"""Draft labels as "CVAT for images 1.1": one XML file for all pictures, a skeleton per face.

Read back by `datasets.converters.custom_cvat`. CVAT's origin is the corner of the first pixel,
half a pixel from its centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from fanet_mmpose.files import write_bytes
from fanet_mmpose.labelling.prefill import DraftLabel

FILE = 'annotations.xml'
ORIGIN = 0.5  # what CVAT calls the centre of the first pixel
LABEL = 'face'


def write_cvat(folder: Path, drafts: Sequence[DraftLabel], names: Sequence[str]) -> None:
    """``folder/annotations.xml`` with a skeleton of `names` and a box for each picture's face.

    A point that is not known is ``outside`` and waits in the middle of the box.
    """
    root = ElementTree.Element('annotations')
    ElementTree.SubElement(root, 'version').text = '1.1'
    for number, draft in enumerate(drafts):
        root.append(_image(number, draft, names))
    ElementTree.indent(root)
    write_bytes(folder / FILE, ElementTree.tostring(root, 'utf-8', xml_declaration=True))


def _image(number: int, draft: DraftLabel, names: Sequence[str]) -> ElementTree.Element:
    image = ElementTree.Element(
        'image', id=str(number), name=draft.image, width=str(draft.width), height=str(draft.height)
    )
    if names:
        shared = {'label': LABEL, 'group_id': '1', 'occluded': '0', 'source': 'auto'}
        skeleton = ElementTree.SubElement(image, 'skeleton', shared, z_order='0')
        skeleton.extend(_points(draft, names))
    x1, y1, x2, y2 = (f'{value:.3f}' for value in draft.box + ORIGIN)
    ElementTree.SubElement(
        image, 'box', label=LABEL, group_id='1', occluded='0', source='auto', z_order='0',
        xtl=x1, ytl=y1, xbr=x2, ybr=y2,
    )  # fmt: skip
    return image


def _points(draft: DraftLabel, names: Sequence[str]) -> list[ElementTree.Element]:
    known = np.isfinite(draft.points).all(axis=1)
    middle = (draft.box[:2] + draft.box[2:]) / 2
    places = np.where(known[:, None], draft.points, middle) + ORIGIN
    return [
        ElementTree.Element(
            'points', label=name, outside=str(int(not is_known)), occluded='0', source='auto',
            points=f'{x:.3f},{y:.3f}',
        )
        for name, (x, y), is_known in zip(names, places, known, strict=True)
    ]  # fmt: skip
