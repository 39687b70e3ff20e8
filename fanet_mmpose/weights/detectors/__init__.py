"""Detectors that ship, handed out only if they are the published bytes."""

from __future__ import annotations

from pathlib import Path

import yaml

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.checked import checked_file

FOLDER = Path(__file__).parent


def find(name: str, suffix: str = '.onnx') -> Path:
    """The file of a shipped detector, whose SHA-256 is the metafile's.

    Raises:
        UserError: there is no such detector, or a file is missing or damaged.
    """
    card = FOLDER / f'{name}.yml'
    try:
        about = yaml.safe_load(card.read_text(encoding='utf-8'))['Models'][0]['Metadata']
        expected = about['SHA-256'][f'{name}{suffix}']
    except (OSError, yaml.YAMLError, KeyError, IndexError, TypeError) as error:
        raise UserError(f'{card}: is missing or no metafile: install the package again') from error
    return checked_file(FOLDER / f'{name}{suffix}', expected)
