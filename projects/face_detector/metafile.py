"""The metafile of a published detector, in MMDetection's form.

Its checksum goes into the manifest: `projects/release/tools/refresh_manifest.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from fanet_mmpose.deploy.model_info import LICENCE
from fanet_mmpose.files import write_text

TASK = 'Object Detection'  # MMDetection's name of the task


@dataclass(frozen=True)
class DetectorCard:
    """What a user must know of a detector.

    Attributes:
        config: recipe, or the tool that trains without one, relative to the repository.
        training_data: what it learnt from, how long, with which seed.
        results: metric -> value, by dataset.
        collection: the method.
        architecture: its parts.
        licence: of the weights.
        source: where weights of others came from, with the checksum of that file.
    """

    config: str
    training_data: str
    results: Mapping[str, Mapping[str, float]]
    collection: str = 'RTMDet'
    architecture: tuple[str, ...] = ('CSPNeXt', 'CSPNeXtPAFPN', 'RTMDetSepBNHead')
    licence: str = LICENCE
    source: str = ''


def write_metafile(weights: Path, card: DetectorCard) -> Path:
    """Write NAME.yml beside the file of the weights; returns its path.

    Raises:
        UserError: the folder cannot be written to.
    """
    entry = {
        'Name': weights.stem,
        'In Collection': card.collection,
        'Config': card.config,
        'Weights': f'fanet_mmpose/weights/detectors/{weights.name}',
        'Metadata': {
            'Architecture': list(card.architecture),
            'Training Data': card.training_data,
            'Classes': ['face'],
            'Licence': card.licence,
            **({'Source': card.source} if card.source else {}),
        },
        'Results': [
            {'Dataset': dataset, 'Task': TASK, 'Metrics': dict(metrics)}
            for dataset, metrics in card.results.items()
        ],
    }
    path = weights.with_suffix('.yml')
    write_text(path, yaml.safe_dump({'Models': [entry]}, sort_keys=False, allow_unicode=True))
    return path
