"""Models on faces with people's points that nothing was trained on, with the true box.

`python projects/release/tools/wild_val.py MODEL... --data data --out wild_val.json`

MODEL is a shipped name or an ONNX file of 68 or 98 points. Sets: 300W val, YouTube Faces val as
labelled, LFW's turned heads (people held out by data/wild68/val.json; six points), 43 small faces
in photographs of groups. 98 points are converted to 68; WFLW's other convention counts as error.
Models of 98 points are measured on 300W val in WFLW's convention, too: data/wild166/val.json of
tools/dataset_converters/wflw_labels.py, where 68 points are people's and 30 a machine's.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from tqdm import tqdm

from fanet_mmpose.deploy.runtime import OnnxModel
from fanet_mmpose.errors import friendly_exit
from fanet_mmpose.files import write_json
from fanet_mmpose.geometry.boxes import tight_box
from fanet_mmpose.geometry.crop import crop_image, crop_matrix, invert, transform_points
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.geometry.schemas.conversions import convert
from fanet_mmpose.images import load_image
from fanet_mmpose.weights import find

SETS = {
    '300w_val': ('300w/annotations/val.json', '300w'),
    'ytf_val_as_labelled': ('ytf68/annotations/val.json', 'ytf68'),
    'lfw_turned_val': ('wild68/val.json', 'wild'),
    'groups': ('wild/annotations/groups.json', 'wild'),
}
OWN_98 = ('wild166/val.json', '300w')


class Points(NamedTuple):
    """What is compared: a point set's name and the parts that errors need."""

    schema: str
    contour: int  # points before the inner ones
    eyes: tuple[int, int]  # outer corners


AS_68 = Points('300w68', 17, (36, 45))
AS_98 = Points('wflw98', 33, (60, 72))


def read_set(
    annotations: Path, pictures: Path, points: Points
) -> Iterator[tuple[np.ndarray, np.ndarray, Mapping]]:
    """Pictures, points [K, 3] (x, y px, flag) and annotations of a file's faces."""
    content = json.loads(annotations.read_text())
    files = {image['id']: image['file_name'] for image in content['images']}
    for face in content['annotations']:
        yield (
            load_image(pictures / files[face['image_id']]),
            np.reshape(
                face.get('point_sets', {}).get(points.schema, face)['keypoints'], (-1, 3)
            ).astype(float),
            face,
        )


def look(model: OnnxModel, image: np.ndarray, box: np.ndarray, schema: str) -> np.ndarray:
    """Points [K, 2] px of the picture, of a point set, in a box x1, y1, x2, y2, px."""
    matrix = crop_matrix(box, model.info.input_size, model.info.padding)
    crop = cv2.cvtColor(crop_image(image, matrix, model.info.input_size), cv2.COLOR_BGR2RGB)
    points = transform_points(model(crop[None]).keypoints[0].astype(float), invert(matrix))
    own = model.info.schema.name
    return points if own == schema else convert(points, own, schema)


def errors(
    model: OnnxModel, annotations: Path, pictures: Path, known: Points = AS_68
) -> tuple[np.ndarray, np.ndarray]:
    """Mean error of each face over its labelled points and over the inner ones, eye distances."""
    of_all, of_inner = [], []
    for image, points, face in tqdm(read_set(annotations, pictures, known), disable=None):
        x, y, width, height = face['bbox']
        box = np.array([x, y, x + width, y + height])
        given = points[:, 2] > 0
        box = tight_box(points[:, :2]) if given.all() else box
        off = np.linalg.norm(look(model, image, box, known.schema) - points[:, :2], axis=-1)
        off /= np.linalg.norm(np.subtract(*points[list(known.eyes), :2]))
        inner = given & (np.arange(len(given)) >= known.contour)
        of_all.append(off[given].mean())
        of_inner.append(off[inner].mean())
    return np.array(of_all), np.array(of_inner)


def row(of_all: np.ndarray, of_inner: np.ndarray, known: Points = AS_68) -> dict[str, float]:
    """What is reported of a set, %."""
    inner = f'inner{get_schema(known.schema).num_points - known.contour}'
    return {
        'faces': len(of_all),
        'NME': round(100 * float(of_all.mean()), 3),
        f'NME_{inner}': round(100 * float(of_inner.mean()), 3),
        'median': round(100 * float(np.median(of_all)), 3),
        'FR10': round(100 * float((of_all > 0.1).mean()), 2),
        f'FR10_{inner}': round(100 * float((of_inner > 0.1).mean()), 2),
    }


def parse_args(doc: str) -> Namespace:
    """Arguments of a tool that measures models; `doc` is the tool's."""
    parser = ArgumentParser(description=doc.partition('\n')[0])
    parser.add_argument('models', nargs='+', help='shipped names or ONNX files')
    parser.add_argument('--data', type=Path, default=Path('data'), help='default: %(default)s')
    parser.add_argument('--out', type=Path, help='JSON to write')
    return parser.parse_args()


def load(name: str) -> OnnxModel:
    """A shipped model by its name, or an ONNX file's."""
    return OnnxModel(name if name.endswith('.onnx') else find(name), threads=1)


@friendly_exit
def main() -> None:
    """Print and write a row for each model and set."""
    args = parse_args(__doc__)
    report: dict[str, dict] = {}
    for name in args.models:
        model = load(name)
        measured = [(title, *files, AS_68) for title, files in SETS.items()]
        if model.info.schema.name == AS_98.schema:
            measured.append(('300w_val_as_wflw', *OWN_98, AS_98))
        for title, file, pictures, known in measured:
            found = row(*errors(model, args.data / file, args.data / pictures, known), known)
            report.setdefault(Path(name).stem, {})[title] = found
            print(f'{Path(name).stem}: {title}: {found}')
    if args.out:
        write_json(args.out, report, indent=1)


if __name__ == '__main__':
    main()
