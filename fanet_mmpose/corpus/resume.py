"""What an earlier run left: parts that it could not note, and units without a part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fanet_mmpose.corpus.item import VIDEO
from fanet_mmpose.corpus.manifest import MANIFEST_FILE, Manifest, WorkUnit
from fanet_mmpose.corpus.part_reader import parts_of, read_rows
from fanet_mmpose.corpus.part_writer import part_name
from fanet_mmpose.corpus.stage import Done
from fanet_mmpose.errors import UserError


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


def check_parts(manifest: Manifest, out: Path, kind: str) -> int:
    """Compare the parts that are there with the plan.

    Inputs of finished parts that somebody deleted are as new ones.

    Returns:
        How many such parts there were.

    Raises:
        UserError: a part is not in the manifest, which would use its number again.
    """
    there, lost = {part.name for part in parts_of(out)}, []
    for number, is_done in manifest.parts():
        name = part_name(number, kind)
        if is_done and name not in there:
            lost.append(number)
        there.discard(name)
    if there:
        raise UserError(
            f'{out}: {MANIFEST_FILE} does not know {min(there)}: it was deleted, or is older than '
            'the parts: put the right one back, or write to another folder'
        )
    if lost:
        manifest.forget(lost)
    return len(lost)


def _read(part: Path, unit: WorkUnit) -> Done:
    """How many of a unit's first items are in a part, and what of them."""
    done, firsts = Done(), 0
    for row in read_rows(part, ('face', 'error')):
        firsts += not row['face']  # each picture has one row that is its first face or has none
        done.count([row])
    is_video = unit.items[0].kind == VIDEO  # one input of many pictures
    done.inputs = len(unit.items) if is_video else firsts
    return done
