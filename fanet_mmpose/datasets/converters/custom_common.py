"""What the custom formats share: flags, attributes, JSON and XML files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import yaml

from fanet_mmpose.datasets.converters.point_names import plain_name
from fanet_mmpose.datasets.converters.records import OCCLUDED, UNLABELLED, VISIBLE
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.errors import UserError

HIDDEN = ('occluded', 'occlusion', 'hidden', 'invisible', 'notvisible')
_SEEN = ('visible', 'isvisible')
_YES = ('1', '1.0', 'true', 'yes', 'y', 't')
_NO = ('0', '0.0', 'false', 'no', 'n', 'f')
_DECLARED = re.compile(rb'^\s*<\?xml[^>]*encoding=["\']([\w.:-]+)["\'][^>]*\?>')


def as_flags(values: Iterable[float]) -> np.ndarray:
    """[K] COCO's visibility flags.

    Raises:
        ValueError: one is not 0, 1 or 2.
    """
    values = np.array(list(values), dtype=np.float64)
    if not np.isin(values, (UNLABELLED, OCCLUDED, VISIBLE)).all():
        raise ValueError('a visibility flag is not 0, 1 or 2')
    return values.astype(np.int64)


def says_hidden(said: Mapping[str, Any]) -> bool:
    """Whether a point's fields say that it is occluded: ``occluded: yes``, ``state: hidden``."""
    for name, value in said.items():
        plain, answer = plain_name(name), yes_or_no(value)
        if (plain in HIDDEN and answer) or (plain in _SEEN and answer is False):
            return True
        if isinstance(value, str) and plain_name(value) in HIDDEN:
            return True
    return False


def yes_or_no(value: Any) -> bool | None:
    """What a flag says, be it a number, a word or a truth value; None for anything else."""
    word = str(value).strip().lower()
    return True if word in _YES else False if word in _NO else None


def stated_size(width: Any, height: Any) -> tuple[int, int] | None:
    """Width and height of a picture as a file states them; None where it does not."""
    try:
        size = int(float(width)), int(float(height))
    except (TypeError, ValueError, OverflowError):
        return None
    return size if min(size) > 1 else None


def is_blank_label(path: Path) -> bool:
    """Whether a file is an empty ``.txt``, YOLO's labels of a picture without a face."""
    return path.suffix.lower() == '.txt' and not path.read_bytes().strip()


def attributes_of(fields: Mapping[str, Any]) -> dict[str, int | float | str]:
    """The fields that are plain values; text that is a finite number becomes one."""
    values = {
        name: _number_or_text(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if isinstance(value, (str, int, float)) and value != ''
    }
    return {name: v for name, v in values.items() if isinstance(v, str) or math.isfinite(v)}


def _number_or_text(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def load_json(source: Source, path: Path) -> Any:
    """Parsed JSON.

    Raises:
        UserError: it is not JSON; the message has the line.
    """
    try:
        return json.loads(source.read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(
            f'{path}:{error.lineno}: not JSON, or cut off ({error.msg}); export it again'
        ) from None
    except (RecursionError, ValueError):
        raise UserError(f'{path}: nested too deeply, or a number too long, for JSON') from None


def load_yaml(source: Source, path: Path) -> Any:
    """Parsed YAML; None where the file is none, or has aliases, which may multiply without end."""
    text = source.read_text(path)
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            return None
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return None


def load_xml(source: Source, path: Path) -> ElementTree.Element:
    """Root of an XML file.

    Raises:
        UserError: it is not XML, or defines entities, which could expand without end.
    """
    data = source.read_data(path)
    if b'<!ENTITY' in data.replace(b'\0', b''):
        raise UserError(f'{path}: refused, it defines XML entities; export it without them')
    declared = _DECLARED.match(data)
    try:
        if declared:
            # The parser knows few encodings, and what is declared is not always true.
            text = source.read_text(path)
            return ElementTree.fromstring(re.sub(r'^\s*<\?xml[^>]*\?>', '', text))
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise UserError(f'{path}:{line}: not XML, or cut off ({error}); export it again') from None
