"""From a face as its file states it to a `FaceRecord`: every rule once, for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from fanet_mmpose.datasets.converters.marks import Marks, without_marks
from fanet_mmpose.datasets.converters.placeholders import refuse_placeholders
from fanet_mmpose.datasets.converters.point_names import plain_name, point_positions
from fanet_mmpose.datasets.converters.records import (
    LEFT_OUT,
    OCCLUDED,
    UNLABELLED,
    VISIBLE,
    BadRow,
    FaceRecord,
    Rows,
    try_row,
)
from fanet_mmpose.datasets.converters.source import IMAGE_SUFFIXES, Source
from fanet_mmpose.datasets.converters.split_fields import FieldSplits, field_splits
from fanet_mmpose.datasets.converters.split_lists import listed_splits
from fanet_mmpose.datasets.converters.split_words import (
    is_blank_word,
    split_of_field,
    split_of_place,
)
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema

_PERSON = ('subject', 'subjectid', 'person', 'personid', 'identity', 'identityid', 'participant',
           'participantid', 'patient', 'patientid')  # fmt: skip
_FACE_NAMES = ('face', 'faces', 'humanface')


@dataclass(frozen=True)
class RawFace:
    """A face as its file states it, before any rule is applied.

    Attributes:
        path: the annotation file.
        where: file and line, for messages.
        image: the picture's name as stated; ``''`` where the annotation file's stem is its name.
        xy: [N, 2] the numbers as they stand, NaN where there are none.
        flags: [N] COCO's flags.
        counted: whether the file numbers them, be it 0, 1, 2 or only 0 and 1.
        labels: N names of the points; None: K points in the schema's order.
        rect: [4] x1 y1 x2 y2, in the same numbers.
        category: what the face is said to be, where the format has kinds of objects.
        attributes: plain values.
        fields: what else is said of face and picture, in which a split may stand.
        of_one_picture: whether the annotation file is of one picture.
        no_face: why this is no face, where it is none.
        video: name of the video that the picture is a frame of, where it is.
        shares: whether the numbers are shares of the picture's size.
        size: width and height of the picture as stated, where they are.
    """

    path: Path
    where: str
    image: str
    xy: np.ndarray
    flags: np.ndarray
    labels: tuple[str, ...] | None = None
    rect: np.ndarray | None = None
    category: str = ''
    attributes: Mapping[str, int | float | str] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)
    counted: bool = False
    of_one_picture: bool = False
    no_face: str = ''
    video: str = ''
    shares: bool = False
    size: tuple[int, int] | None = None


RawRows: TypeAlias = 'Iterator[RawFace | BadRow]'


@dataclass(frozen=True)
class Rules:
    """What holds for all faces of a set.

    Attributes:
        source, schema: where and what is read.
        base: what the first pixel's centre is called.
        marks: of absent points.
        categories: names of the objects that are faces; empty: found out.
        first_number: what labels that are numbers count from; None: found out.
    """

    source: Source
    schema: PointSchema
    base: float
    marks: Marks = field(default_factory=Marks)
    categories: tuple[str, ...] = ()
    first_number: int | None = None


def _person(fields: Mapping[str, object]) -> str:
    """What the first field of `_PERSON` that is not blank says; a person may be called 0."""
    plain = {plain_name(name): value for name, value in fields.items()}
    said = (plain[name] for name in _PERSON if name in plain)
    return next((str(value) for value in said if not is_blank_word(str(value))), '')


class Said(NamedTuple):
    """What fields of the faces, and lists of names, say of splits."""

    fields: FieldSplits
    lists: Mapping[Path, str]


def build_faces(rows: Iterable[RawFace | BadRow], rules: Rules) -> Rows:
    """Apply the rules; what is no face becomes a `BadRow` that is left out and counted.

    Raises:
        UserError: the labels or the categories of the whole set are ambiguous.
    """
    rows = _seen(rows)
    raws = [row for row in rows if isinstance(row, RawFace)]
    categories = _face_categories(raws, rules)
    labels = {
        label
        for raw_labels in {raw.labels for raw in raws if raw.category in categories}
        for label in raw_labels or ()
    }
    positions = point_positions(labels, rules.schema, rules.first_number)
    faces = [raw for raw in raws if not raw.no_face and raw.category in categories]
    splits = field_splits([{**raw.fields, **raw.attributes} for raw in faces])
    said = Said(splits, listed_splits(rules.source))
    records: list[FaceRecord] = []
    words = {id(raw): word for raw, word in zip(faces, splits.words, strict=True)}
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        reason = row.no_face
        if not reason and row.category not in categories:
            reason = f'it is {row.category!r}, not a face'
        if reason:
            yield BadRow(row.where, row.image or row.path.name, reason, LEFT_OUT)
            continue
        parse = partial(_build, row, rules, positions, said, words[id(row)])
        built = try_row(row.where, row.image or row.path.name, parse)
        records += [built] if isinstance(built, FaceRecord) else []
        yield built
    rules.source.lookup.check()
    if rules.marks.signs is None:
        refuse_placeholders(records, rules.base)


def _seen(rows: Iterable[RawFace | BadRow]) -> list[RawFace | BadRow]:
    """The rows; where no flag of a file is 2, its 1 is for every label, and means visible.

    Files of one picture are taken together.
    """
    rows = list(rows)
    counted = [row for row in rows if isinstance(row, RawFace) and row.counted]
    with_2 = {_file(row) for row in counted if VISIBLE in row.flags}
    for i, row in enumerate(rows):
        if isinstance(row, RawFace) and row.counted and _file(row) not in with_2:
            flags = np.where(row.flags == OCCLUDED, VISIBLE, row.flags)
            rows[i] = replace(row, flags=flags)
    return rows


def _file(row: RawFace) -> Path | None:
    return None if row.of_one_picture else row.path


def _build(
    raw: RawFace, rules: Rules, positions: Mapping[str, int], said: Said, word: str
) -> FaceRecord:
    xy, flags = _in_order(raw, rules.schema, positions)
    xy, flags = without_marks(xy, flags, rules.marks, rules.base)
    image = (
        rules.source.image(raw.image, raw.path)
        if raw.image
        else rules.source.lookup.find_stem(raw.path, IMAGE_SUFFIXES)
    )
    return FaceRecord(
        name=rules.source.picture_name(image),
        image=image,
        points=np.where(flags[:, None] > UNLABELLED, xy - rules.base, 0),
        visibility=flags,
        split=_split(raw, image, rules.source, said, word),
        where=raw.where,
        rect=None if raw.rect is None else raw.rect - rules.base,
        attributes={k: v for k, v in raw.attributes.items() if k not in said.fields.fields},
        photo=raw.video,
        person=_person({**raw.fields, **raw.attributes}),
        shares=raw.shares,
        stated_size=raw.size,
    )


def _split(raw: RawFace, image: Path, source: Source, said: Said, word: str) -> str:
    split = split_of_field(word) or said.lists.get(image, '')
    if split:
        return split
    lists = () if raw.of_one_picture else (raw.path.stem,)
    roots: tuple[str, ...] = ()
    folders: list[str] = []
    for path in (raw.path, image):
        root, *below = source.parts(path)
        folders += below[::-1]
        roots += (root,) if len(source.roots) > 1 else ()
    place = split_of_place(lists, (*folders, *roots))
    if not place and said.fields.unclear:
        raise UserError(
            f'{raw.where}: {said.fields.unclear}: name the split of each face in a field "split" '
            '(train, val or test), or leave this field out'
        )
    return place


def _in_order(
    raw: RawFace, schema: PointSchema, positions: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """[K, 2] points and [K] flags in the schema's order; absent points are unlabelled."""
    if raw.labels is None:
        if len(raw.xy) != schema.num_points:
            raise ValueError(f'{len(raw.xy)} points where {schema.num_points} are expected')
        return raw.xy, raw.flags
    xy = np.full((schema.num_points, 2), np.nan)
    flags = np.full(schema.num_points, UNLABELLED)
    for label, point, flag in zip(raw.labels, raw.xy, raw.flags, strict=True):
        if label not in positions:
            raise ValueError(f'the point {label!r} is not in the schema {schema.name}')
        if flags[positions[label]] != UNLABELLED:
            raise ValueError(f'the point {label!r} is there twice')
        xy[positions[label]], flags[positions[label]] = point, flag
    return xy, flags


def _face_categories(raws: Sequence[RawFace], rules: Rules) -> set[str]:
    """The categories whose objects are faces, of those that have points.

    Raises:
        UserError: several may be, or a named one is not there.
    """
    with_points = Counter(raw.category for raw in raws if not raw.no_face and raw.flags.any())
    if rules.categories:
        absent = [name for name in rules.categories if name not in with_points]
        if absent:
            raise UserError(
                f'--category {absent[0]}: no such category with points; there are '
                f'{", ".join(map(repr, with_points)) or "none"}'
            )
        return set(rules.categories)
    if len(with_points) < 2:
        return set(with_points) or {raw.category for raw in raws}
    called = [name for name in with_points if plain_name(name) in _FACE_NAMES]
    if len(called) != 1:
        called = [name for name in with_points if _fits(name, raws, rules.schema)]
    if len(called) != 1:
        raise UserError(
            f'objects of {len(with_points)} categories have points '
            f'({", ".join(map(repr, sorted(with_points)))}): name those that are faces with '
            '--category'
        )
    return set(called)


def _fits(category: str, raws: Sequence[RawFace], schema: PointSchema) -> bool:
    """Whether all names of a category's points are the schema's."""
    known = {plain_name(name) for name in schema.point_names}
    labels = {raw.labels for raw in raws if raw.category == category and raw.labels}
    return bool(labels) and all(plain_name(label) in known for group in labels for label in group)
