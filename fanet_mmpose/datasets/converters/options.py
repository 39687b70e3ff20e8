"""What to convert and how, resolved against what is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanet_mmpose import __version__
from fanet_mmpose.datasets.converters.custom import custom_reader
from fanet_mmpose.datasets.converters.specs import SPECS, DatasetSpec
from fanet_mmpose.datasets.converters.units import WHOLE
from fanet_mmpose.errors import UserError
from fanet_mmpose.geometry.schemas import PointSchema, get_schema, known_schemas, load_schema

DATASETS = (*SPECS, 'custom')


@dataclass(frozen=True)
class Options:
    """What to convert and how.

    Attributes:
        dataset: one of `DATASETS`.
        sources: folders, archives or files of the release.
        out: the folder to make.
        schema: name or YAML file of a custom set's points.
        layout: a custom set's annotation format; None: found out.
        base: a custom set's name for the first pixel's centre; None: as its format has it.
        missing: marks of absent points in a custom set, see `marks`.
        categories: names of a custom set's objects that are faces; empty: found out.
        first_number: what a custom set's numbered points count from; None: found out.
        units: of a custom set's coordinates, see `units`; None: pixels, if they look like it.
        no_train: write a set in which every face is for testing.
        val_every: one in this many training photographs becomes val, where the release has none;
            None: as `DatasetSpec.val_every` has it.
        test_every: the same for a custom set without a test; 0 for none.
        seed: of both.
        max_bad: share of rows that may be in quarantine before the run is stopped.
        link: link the images of folders instead of copying them.
        force: replace `out` if an earlier run made it.
    """

    dataset: str
    sources: tuple[Path, ...]
    out: Path
    schema: str | None = None
    layout: str | None = None
    base: float | None = None
    missing: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    first_number: int | None = None
    units: str | None = None
    no_train: bool = False
    val_every: int | None = None
    test_every: int = 10
    seed: int = 0
    max_bad: float = 0.02
    link: bool = False
    force: bool = False

    def spec(self) -> DatasetSpec:
        """The data set's conventions."""
        if self.dataset != 'custom':
            return SPECS[self.dataset]
        reader = custom_reader(
            self.layout,
            0.0 if self.units in WHOLE and self.base is None else self.base,
            missing=self.missing,
            categories=self.categories,
            first_number=self.first_number,
        )
        return DatasetSpec(self.schema or '', reader, stock_files={}, archives=('*',))

    def resolved_val_every(self) -> int:
        """`val_every`, or the data set's own.

        Raises:
            UserError: it is less than 2, or `test_every` is 1 or less than 0.
        """
        every = self.val_every or self.spec().val_every
        if min(every, self.test_every or 2) < 2:
            raise UserError('--val-every and --test-every must be 2 or more (--test-every 0: none)')
        return every

    def point_schema(self) -> PointSchema:
        """The points' names and order.

        Raises:
            UserError: a custom set names none, or an unknown one.
        """
        name = self.spec().schema
        if not name:
            raise UserError(
                'a custom set needs --schema: a YAML file (docs/schemas.md) or one of '
                f'{", ".join(known_schemas())}'
            )
        is_file = Path(name).suffix in ('.yaml', '.yml')
        return load_schema(name) if is_file else get_schema(name)

    def fingerprint(self) -> dict[str, Any]:
        """What makes two runs the same; written down to know an unfinished one again."""
        return {
            'version': __version__,
            'dataset': self.dataset,
            'sources': [str(path.resolve()) for path in self.sources],
            'schema': self.schema,
            'layout': self.layout,
            'base': self.base,
            'missing': list(self.missing),
            'categories': list(self.categories),
            'first_number': self.first_number,
            'units': self.units,
            'no_train': self.no_train,
            'val_every': self.resolved_val_every(),
            'test_every': self.test_every,
            'seed': self.seed,
            'link': self.link,
        }
