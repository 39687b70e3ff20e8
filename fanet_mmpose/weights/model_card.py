"""README.md of a model's repository: front matter for the hub, and what a stranger must know."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import get_schema
from fanet_mmpose.weights.card import ModelCard
from fanet_mmpose.weights.repository import PICTURE

TASK = 'keypoint-detection'  # the hub's name of the task
# A word in a metafile's training data -> the set's name on the hub's cards.
SETS = {
    '300W': '300w', 'YouTube Faces': 'youtube-faces', 'AFLW2000': 'aflw2000-3d', 'WFLW': 'wflw',
    'COFW': 'cofw', 'HELEN': 'helen', 'LFW': 'lfw', 'drawn faces': 'drawn-faces',
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What disturbances cost, of a record of `projects/release/results`.

    Attributes:
        rows: disturbance -> NME and FR10 in per cent, on 300W val.
        protocol, command: how it was measured.
    """

    rows: Mapping[str, Mapping[str, float]]
    protocol: str
    command: str


def read_limits(record: Path | None) -> Limits | None:
    """The disturbances that a training's record has; None where it has none.

    Raises:
        UserError: it is no readable record.
    """
    if record is None:
        return None
    try:
        measured = json.loads(record.read_text('utf-8')).get('disturbed_300w_val')
        if measured is None:
            return None
        return Limits(measured['new'], measured['protocol'], measured['command'])
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UserError(f'{record}: is no record of a training ({error})') from error


def front_matter(card: ModelCard) -> dict[str, Any]:
    """What the hub reads."""
    free = card.licence.startswith('Apache-2.0')
    other = dict(license_name='non-commercial-research-weights', license_link='README.md')
    return {
        'library_name': 'fanet_mmpose',
        'pipeline_tag': TASK,
        'license': 'apache-2.0' if free else 'other',
        **({} if free else other),
        'tags': ['facial-landmarks', 'face-alignment', 'onnx', card.schema],
        'datasets': [name for word, name in SETS.items() if word in card.training_data],
        'model-index': [{'name': card.name, 'results': [*_results(card)]}],
    }


def _results(card: ModelCard) -> Sequence[dict[str, Any]]:
    return [
        {
            'task': {'type': TASK, 'name': 'Facial landmark detection'},
            'dataset': {'type': _slug(dataset), 'name': dataset},
            'metrics': [
                {'type': name.lower(), 'name': name, 'value': value}
                for name, value in metrics.items()
            ],
        }
        for dataset, metrics in card.results.items()
    ]


def _slug(text: str) -> str:
    return re.sub(r'[^a-z0-9]+', '-', text.partition('(')[0].lower()).strip('-')


def to_readme(card: ModelCard, limits: Limits | None) -> str:
    """The whole README.md."""
    head = yaml.safe_dump(front_matter(card), sort_keys=False, allow_unicode=True, width=100)
    return f'---\n{head}---\n{_body(card, limits)}'


def _body(card: ModelCard, limits: Limits | None) -> str:
    points = get_schema(card.schema).num_points
    return f"""# {card.name}

FANet, a network that finds {points} landmarks of a face (point set `{card.schema}`) in a crop of
{card.width}×{card.height} px: for each point its place, a score, the chance that it is visible and
its expected error. Code, training and measurements: `fanet_mmpose`.

![Points that this model found]({PICTURE})

The photograph shows Eileen Collins (NASA, public domain).

## Use it
```python
from fanet_mmpose import from_pretrained

find = from_pretrained('owner/{card.name}')  # or the path of this folder
for face in find('photo.jpg'):
    print(face.box, face.points.shape, face.scores.mean())  # pixels of the photograph
```
`pip install fanet_mmpose` is enough, and huggingface_hub for a name of the hub. Neither PyTorch nor
MMPose is needed. `model.onnx` is complete: uint8 crop in, points in pixels of the crop out.
`model.safetensors` and `config.py` are for MMPose: the weights in half precision, and the recipe.
SHA-256 and size of each file are in `config.json`.

## Intended use
Landmarks of human faces in photographs and videos: alignment, head pose, annotation, research. It
was not made to identify people or to judge their feelings, health or character, and its points are
no ground for that. It finds points in whatever it is told to look at; whether there is a face at
all is for a detector and `is_face` to say.

## Results
{_results_table(card)}
NME in % of the inter-ocular distance; FR10: share of faces with a larger NME than 10 %, in %;
AUC10: area under the curve of errors up to 10 %, at most 1. Box of the true points, padded by 1.25;
no flip test.

## Limits
{_limits_text(limits)}
Not measured: errors by skin colour, age or sex; drawn faces, animals; other training seeds.

## Training data
{card.training_data}.

## Licence
{card.licence}.
"""


def _results_table(card: ModelCard) -> str:
    rows = [
        f'| {dataset} | ' + ', '.join(f'{name} {value:g}' for name, value in metrics.items()) + ' |'
        for dataset, metrics in card.results.items()
    ]
    return '\n'.join(['| set | metrics |', '|---|---|', *rows, ''])


def _limits_text(limits: Limits | None) -> str:
    if limits is None:
        return 'What darkness, blur, few pixels or turned heads cost was not measured.'
    rows = [
        f'| {name} | ' + ' | '.join(f'{values[key]:g}' for key in ('NME', 'FR10')) + ' |'
        for name, values in limits.rows.items()
    ]
    table = ['| 300W val (200 faces) | NME % | FR10 % |', '|---|---|---|', *rows]
    how = [f'By `{limits.command}`: {limits.protocol}.']
    return '\n'.join([*table, '', *how])
