"""Lists of names that say the split of pictures, beside annotations of any format.

Read are ``train.txt``, ``ImageSets/Main/val.txt`` and the like (a name or its stem a line), tables
of a picture and its split without points, ``{"train": [names], ...}`` in JSON, CelebA's
``list_eval_partition.txt`` (0 train, 1 val, 2 test), and the folders and lists of YOLO's
``data.yaml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fanet_mmpose.datasets.converters.custom_common import load_yaml
from fanet_mmpose.datasets.converters.source import Source
from fanet_mmpose.datasets.converters.split_fields import field_splits
from fanet_mmpose.datasets.converters.split_words import SPLIT_WORDS, split_of, split_of_field
from fanet_mmpose.datasets.converters.tables import Table, axes_of, image_column, read_table
from fanet_mmpose.errors import UserError
from fanet_mmpose.picture_lookup import PictureLookup, read_name

_TEXTS = ('.txt', '.lst', '.list')
_TABLES = ('.csv', '.tsv')
_YAML = ('.yaml', '.yml')
_IN_STEM = ('split', 'partition', 'fold')
_CELEBA = {'0': 'train', '1': 'val', '2': 'test'}
_BOTH = 'trainval'
_LARGEST = 2**26
"""Bytes of a list; a larger JSON file holds annotations."""


def listed_splits(source: Source) -> dict[Path, str]:
    """Split of each picture that is in a list.

    Raises:
        UserError: a picture is in lists of two splits, or a name in a list means several.
    """
    # Names in lists must not be held against names in annotations: a lookup of its own.
    lists = _Lists(source, PictureLookup(source.lookup.files, source.lookup.roots))
    found: dict[Path, tuple[str, Path]] = {}
    both: dict[Path, str] = {}
    for path in source.files:
        for picture, split in lists.pictures(path):
            if path.stem.lower() == _BOTH:
                both[picture] = split
                continue
            known, other = found.setdefault(picture, (split, path))
            if known != split:
                raise UserError(
                    f'{picture}: is in {known} by {other.name} and in {split} by {path.name}; '
                    'keep it in one'
                )
    return {**both, **{picture: split for picture, (split, _) in found.items()}}


def is_split_table(table: Table) -> bool:
    """Whether a table has pictures and their splits, and no points."""
    image = image_column(table.columns)
    if image is None or not table.rows or axes_of(table.columns, bool):
        return False
    return any(_words(table, image))


def _words(table: Table, image: str) -> Sequence[str]:
    rows = [{k: v for k, v in row.items() if k and k != image} for _, row in table.rows]
    return field_splits(rows).words


@dataclass(frozen=True)
class _Lists:
    """Reads lists; pictures that are not there may belong to another part of the set."""

    source: Source
    lookup: PictureLookup

    def pictures(self, path: Path) -> Iterator[tuple[Path, str]]:
        """Pictures that one file lists, each with its split."""
        suffix, stem = path.suffix.lower(), path.stem.lower()
        says = any(word in stem for word in _IN_STEM) or bool(_split_of_list(path))
        if suffix in _YAML:
            yield from self._of_yaml(path)
        elif suffix == '.json' and says:
            for split, names in _of_json(self.source, path).items():
                yield from ((picture, split) for picture in self._known(path, names))
        elif path.stat().st_size and (suffix in _TABLES or (suffix in _TEXTS and says)):
            yield from self._of_text(path)

    def _of_text(self, path: Path) -> Iterator[tuple[Path, str]]:
        text = self.source.read_text(path)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        split = _split_of_list(path)
        if split and self._is_name(path, lines[0]):
            yield from ((picture, split) for picture in self._known(path, lines))
        elif 'partition' in path.stem.lower() and path.suffix.lower() in _TEXTS:
            pairs = [line.replace(',', ' ').rsplit(maxsplit=1) for line in lines]
            for name, code in (p for p in pairs if len(p) == 2 and p[1] in _CELEBA):
                yield from ((picture, _CELEBA[code]) for picture in self._known(path, [name]))
        elif is_split_table(table := read_table(text)):
            image = image_column(table.columns) or ''
            for (_, row), word in zip(table.rows, _words(table, image), strict=True):
                try:
                    split = split_of_field(word)
                except ValueError as error:
                    raise UserError(f'{path}: {error}') from None
                if split:
                    yield from ((p, split) for p in self._known(path, [str(row[image])]))

    def _of_yaml(self, path: Path) -> Iterator[tuple[Path, str]]:
        for split, names in yolo_places(self.source, path).items():
            for name in names:
                tail = tuple(part for part in read_name(name).parts if part != '..')
                if Path(name).suffix.lower() in _TEXTS:
                    for file in [file for file in self.source.files if _ends(file.parts, tail)][:1]:
                        lines = self.source.read_text(file).split('\n')
                        stated = [line.strip() for line in lines if line.strip()]
                        yield from ((picture, split) for picture in self._known(file, stated))
                    continue
                for picture in self.lookup.files:
                    if any(_ends(folder.parts, tail) for folder in picture.parents):
                        yield picture, split

    def _is_name(self, path: Path, line: str) -> bool:
        try:
            return self.lookup.find(line, path) is not None
        except ValueError as error:
            return 'may mean' in str(error)

    def _known(self, path: Path, names: Iterable[str]) -> Iterator[Path]:
        for name in names:
            try:
                yield self.lookup.find(name, path)
            except ValueError as error:
                if 'may mean' in str(error):
                    raise UserError(f'{path}: {error}') from None


def _of_json(source: Source, path: Path) -> dict[str, list[str]]:
    if path.stat().st_size > _LARGEST:
        return {}
    try:
        content = json.loads(source.read_text(path))
    except (ValueError, RecursionError):
        return {}
    known = isinstance(content, dict) and content and all(k.lower() in SPLIT_WORDS for k in content)
    names = known and all(
        isinstance(value, list) and all(isinstance(name, str) for name in value)
        for value in content.values()
    )
    return {SPLIT_WORDS[key.lower()]: value for key, value in content.items()} if names else {}


def yolo_places(source: Source, path: Path) -> dict[str, list[str]]:
    """Folders and lists by split of a YOLO ``data.yaml``; those that two splits share say none."""
    parsed = load_yaml(source, path)
    content = parsed if isinstance(parsed, dict) else {}
    if not {'names', 'kpt_shape', 'nc'} & set(content):
        return {}
    places = {
        split: [str(v) for v in (value if isinstance(value, list) else [value])]
        for split in ('train', 'val', 'test')
        if (value := content.get(split))
    }
    every = [name for names in places.values() for name in names]
    return places if len(set(every)) == len(every) else {}


def _split_of_list(path: Path) -> str:
    try:
        return split_of(path.stem)
    except ValueError:
        return ''


def _ends(parts: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    return bool(tail) and parts[-len(tail) :] == tail
