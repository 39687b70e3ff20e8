"""Curves of an earlier run, to be drawn beside those of this one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fanet_mmpose.errors import UserError


def earlier_studies(path: Path, how: Mapping[str, str]) -> list[dict[str, Any]]:
    """The studies of a `robustness.json`.

    Args:
        path: of the file.
        how: faces and settings of this run, as text.

    Raises:
        UserError: the file is missing, no such report, or was measured on other faces.
    """
    try:
        report = json.loads(path.read_text(encoding='utf-8'))
        own, studies = report['how'], report['studies']
        other = [name for name, value in how.items() if own[name] != value]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f'{path}: is missing or no robustness.json of robustness.py') from error
    if other:
        name = other[0]
        raise UserError(
            f'{path}: was measured with {name} {own[name]}, this run has {how[name]}: curves side '
            'by side need the same faces'
        )
    return studies
