"""Metafiles of published weights, in MMPose's form; checksums are in the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fanet_mmpose.errors import UserError

TASK = 'Face 2D Keypoint'  # MMPose's name of the task


@dataclass(frozen=True)
class ModelCard:
    """A published model.

    Attributes:
        name: of model and files.
        config: recipe, relative to the repository.
        schema: name of its point set.
        width, height: of the crop, px.
        training_data: what it learnt from.
        licence: of the weights.
        results: metric -> value, per cent, by dataset.
    """

    name: str
    config: str
    schema: str
    width: int
    height: int
    training_data: str
    licence: str
    results: Mapping[str, Mapping[str, float]]

    @property
    def summary(self) -> str:
        """Results in one line."""
        parts = [
            f'{dataset}: ' + ', '.join(f'{metric} {value:g}' for metric, value in metrics.items())
            for dataset, metrics in self.results.items()
        ]
        return '; '.join(parts) or 'not measured'


def to_metafile(card: ModelCard) -> str:
    """The card as YAML in MMPose's form."""
    entry = {
        'Name': card.name,
        'In Collection': 'FANet',
        'Config': card.config,
        'Weights': f'fanet_mmpose/weights/{card.name}.pth',
        'Metadata': {
            'Architecture': ['FANet'],
            'Training Data': card.training_data,
            'Schema': card.schema,
            'Input Size': [card.width, card.height],
            'Licence': card.licence,
        },
        'Results': [
            {'Dataset': dataset, 'Task': TASK, 'Metrics': dict(metrics)}
            for dataset, metrics in card.results.items()
        ],
    }
    return yaml.safe_dump({'Models': [entry]}, sort_keys=False, allow_unicode=True)


def parse_card(path: Path) -> ModelCard:
    """Read a metafile. Raises `UserError` if a field is missing or the file is no YAML."""
    try:
        entry: dict[str, Any] = yaml.safe_load(path.read_text(encoding='utf-8'))['Models'][0]
        about = entry['Metadata']
        width, height = about['Input Size']
        return ModelCard(
            name=entry['Name'],
            config=entry['Config'],
            schema=about['Schema'],
            width=width,
            height=height,
            training_data=about['Training Data'],
            licence=about['Licence'],
            results={part['Dataset']: part['Metrics'] for part in entry['Results']},
        )
    except (OSError, yaml.YAMLError, KeyError, IndexError, TypeError, ValueError) as error:
        raise UserError(f'{path}: is no metafile of this package ({error})') from error
