"""Which field of the faces says their split: one rule for columns, JSON fields and tags.

All faces of a set together decide:

1. ``split``: each of its words must be known, another one is refused;
2. ``subset``, ``set``, ``partition``, ``fold``, ``phase``, ``usage``, ``ml_use`` where all of its
   words are known. Where some are, or where it holds numbers, files and folders must say the split,
   else the set is refused: nobody knows which of the folds is for testing;
3. ``is_train``, ``is_val``, ``is_test``, or these words alone, with yes and no;
4. any other field in which every face has a known word, and not all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fanet_mmpose.datasets.converters.point_names import plain_name
from fanet_mmpose.datasets.converters.split_words import SPLIT_WORDS, is_blank_word, split_of
from fanet_mmpose.errors import UserError

_SPLIT = ('split', 'datasplit', 'datasetsplit')
_USUAL = ('subset', 'set', 'partition', 'fold', 'kfold', 'cvfold', 'phase', 'usage', 'mluse')
_YES_NO = {
    **dict.fromkeys(('1', '1.0', 'true', 'yes', 'y', 't'), True),
    **dict.fromkeys(('0', '0.0', 'false', 'no', 'n', 'f', ''), False),
}
_ASKED = {
    **dict.fromkeys(('istrain', 'istraining', 'train'), 'train'),
    **dict.fromkeys(('isval', 'isvalidation', 'val'), 'val'),
    **dict.fromkeys(('istest', 'test'), 'test'),
}
_MAYBE = 'isvalid'
"""Validation, or an annotation that is right."""


@dataclass(frozen=True)
class FieldSplits:
    """What the fields of a set say.

    Attributes:
        fields: names of the fields that say the split, as they are written.
        words: what they say of each face, ``''`` for nothing.
        unclear: why a field that may mean a split says none.
    """

    fields: frozenset[str]
    words: Sequence[str]
    unclear: str = ''


def field_splits(faces: Sequence[Mapping[str, Any]]) -> FieldSplits:
    """The splits that the fields of the faces say, by the rule above.

    Args:
        faces: fields of each face and its picture.

    Raises:
        UserError: two fields say different splits of one face.
    """
    columns: dict[str, list[str]] = {}
    for i, face in enumerate(faces):
        for name, value in face.items():
            column = columns.setdefault(name, [''] * len(faces))
            column[i] = '' if value is None else str(value).strip()
    plain = {name: plain_name(name) for name in columns}
    for name, column in columns.items():
        if plain[name] in _SPLIT and not all(map(is_blank_word, column)):
            return FieldSplits(frozenset([name]), column)
    said, unclear = _other_fields(columns, plain)
    words = _agreed(said, len(faces))
    return FieldSplits(frozenset(said), words, '' if said else unclear)


def _other_fields(
    columns: Mapping[str, list[str]], plain: Mapping[str, str]
) -> tuple[dict[str, list[str]], str]:
    """Split of each face by field, for fields not called split; and why one says none."""
    said, unclear = {}, ''
    for name, column in columns.items():
        filled = [word for word in column if not is_blank_word(word)]
        known = [word for word in filled if _known(word)]
        if plain[name] in _USUAL and filled:
            if len(known) == len(filled):
                said[name] = [_known(word) for word in column]
            elif known or all(word.replace('.0', '').isdecimal() for word in filled):
                other = next(word for word in filled if not _known(word))
                unclear = f'its field {name!r} has {other!r}, which is no split'
        elif plain[name] == _MAYBE and all(word.lower() in _YES_NO for word in column):
            unclear = f'its field {name!r} may mean validation, or a right annotation'
        elif all(word.lower() in SPLIT_WORDS for word in column):
            splits = [SPLIT_WORDS[word.lower()] for word in column]
            if len(set(splits)) > 1:
                said[name] = splits
    return said or _yes_or_no(columns, plain), unclear


def _yes_or_no(columns: Mapping[str, list[str]], plain: Mapping[str, str]) -> dict[str, list[str]]:
    """Split of each face, by the first of the fields ``is_train``, ... that are all yes or no."""
    asked = {
        name: [_YES_NO[word.lower()] for word in column]
        for name, column in columns.items()
        if plain[name] in _ASKED and all(word.lower() in _YES_NO for word in column)
    }
    if not asked or not any(map(any, asked.values())):
        return {}
    others = 'train' if all(_ASKED[plain[name]] != 'train' for name in asked) else 'test'
    splits = []
    for answers in zip(*asked.values(), strict=True):
        yes = [_ASKED[plain[n]] for n, answer in zip(asked, answers, strict=True) if answer]
        if len(set(yes)) > 1:
            raise UserError(f'a face is in {yes[0]} and in {yes[1]} ({", ".join(asked)}); keep one')
        splits.append(yes[0] if yes else others)
    return dict.fromkeys(asked, splits)


def _agreed(said: Mapping[str, list[str]], count: int) -> list[str]:
    columns = list(said.values())
    for name, column in said.items():
        if column != columns[0]:
            raise UserError(
                f'the fields {next(iter(said))!r} and {name!r} say different splits; keep one'
            )
    return columns[0] if columns else [''] * count


def _known(word: str) -> str:
    try:
        return split_of(word)
    except ValueError:
        return ''
