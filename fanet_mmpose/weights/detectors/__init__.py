"""Detectors that are published, handed out only if they are the published bytes."""

from __future__ import annotations

from pathlib import Path

from fanet_mmpose.errors import UserError
from fanet_mmpose.weights.cache import locate
from fanet_mmpose.weights.manifest import read_manifest

FOLDER = Path(__file__).parent


def find(name: str, suffix: str = '.onnx') -> Path:
    """The file of a published detector, whose SHA-256 is the manifest's.

    Raises:
        UserError: there is no such detector, or its file is missing or damaged.
    """
    there = read_manifest(FOLDER.parent)
    if f'{name}{suffix}' not in there:
        raise UserError(f'no detector is published as {name}{suffix}: install the package again')
    return locate(there[f'{name}{suffix}'], FOLDER.parent)
