"""What an earlier run left: parts that it could not note, and units without a part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fanet_mmpose.corpus.item import VIDEO
from fanet_mmpose.corpus.manifest import Manifest, WorkUnit
from fanet_mmpose.corpus.part_reader import read_rows
from fanet_mmpose.corpus.part_writer import part_name
from fanet_mmpose.corpus.stage import Done


def unfinished(manifest: Manifest, out: Path, kind: str) -> Iterator[WorkUnit]:
    """Planned units that have no part; a part that is there but not noted is noted first.

    Args:
        manifest: the plan; units that are planned from now on are not given.
        out: folder of the parts.
        kind: format of the parts.

    Raises:
        UserError: a part is damaged.
    """
    for unit in manifest.planned():
        part = out / part_name(unit.number, kind)
        if not part.exists():
            yield unit
            continue
        done = _read(part, unit)
        first, *rest = manifest.split(unit, done.inputs)
        manifest.finish(first, done.faces, done.errors)
        yield from rest


def _read(part: Path, unit: WorkUnit) -> Done:
    """How many of a unit's first items are in a part, and what of them."""
    done, firsts = Done(), 0
    for row in read_rows(part, ('face', 'error')):
        firsts += not row['face']  # each picture has one row that is its first face or has none
        done.count([row])
    is_video = unit.items[0].kind == VIDEO  # one input of many pictures
    done.inputs = len(unit.items) if is_video else firsts
    return done
