"""The hidden folder in which an output is built, and its way into place."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from fanet_mmpose.datasets.converters.options import Options
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import partial_name, write_json

SUMMARY = 'summary.json'


def finished_run(options: Options) -> dict[str, Any] | None:
    """The summary of a finished run, or None where there is room for a new one.

    Raises:
        UserError: `out` holds something else.
    """
    out = options.out
    if out.is_symlink() or out.is_file() or out.resolve() == Path.cwd():
        raise UserError(f'{out}: is a link, a file or the current folder; choose another --out')
    if not out.exists() or not any(out.iterdir()):
        return None
    if not (out / SUMMARY).is_file():
        raise UserError(f'{out}: has files that this tool did not make; choose another --out')
    summary = json.loads((out / SUMMARY).read_text(encoding='utf-8'))
    if summary.pop('made_by', None) == options.fingerprint() and not options.force:
        return summary
    if not options.force:
        raise UserError(f'{out}: was made with other options; add --force to replace it')
    return None


def prepare_staging(options: Options) -> Path:
    """The hidden folder to build in, with what an interrupted run of the same options left."""
    staging = partial_name(options.out)
    fingerprint = options.fingerprint()
    mark = staging / 'run.json'
    if staging.exists():
        known = json.loads(mark.read_text(encoding='utf-8')) if mark.is_file() else None
        if known == fingerprint:
            return staging
        shutil.rmtree(staging)
    write_json(mark, fingerprint)
    return staging


def publish(staging: Path, options: Options, summary: dict[str, Any]) -> None:
    """Make the staging folder the output, in place of what an earlier run made."""
    out = options.out
    write_json(staging / SUMMARY, {**summary, 'made_by': options.fingerprint()}, indent=2)
    for leftover in ('source', 'run.json'):
        path = staging / leftover
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if out.exists():
        old = out.with_name(f'.{out.name}.replaced')
        shutil.rmtree(old, ignore_errors=True)
        os.replace(out, old)
        os.replace(staging, out)
        shutil.rmtree(old)
    else:
        os.replace(staging, out)
