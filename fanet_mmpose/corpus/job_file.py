"""The file that makes a folder an output of `fanet annotate`, and says of which job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_json

JOB_FILE = '_fanet_job.json'
FORMAT = 'fanet_mmpose.corpus'
VERSION = 1


def agree_on_job(out: Path, settings: JobSettings, model: dict[str, Any]) -> None:
    """Write the job file, or check that an earlier run's is the same.

    Args:
        out: the output folder.
        settings: of this run.
        model: its name, schema and SHA-256, see `stage.describe_model`.

    Raises:
        UserError: the folder holds annotations by another model or other settings.
    """
    job = {'format': FORMAT, 'version': VERSION, **model, **settings.results()}
    path = out / JOB_FILE
    if not path.exists():
        write_json(path, job, indent=1)
        return
    known = read_job(out)
    changed = [name for name in {**job, **known} if known.get(name) != job.get(name)]
    if changed:
        name = changed[0]
        raise UserError(
            f'{out}: holds annotations with {name} {known.get(name)!r}, not {job.get(name)!r}: '
            'repeat the options of that run, or write to another folder'
        )


def is_corpus(path: str | Path) -> bool:
    """Whether this is an output folder of `fanet annotate`."""
    return (Path(path) / JOB_FILE).is_file()


def read_job(out: Path) -> dict[str, Any]:
    """The job of an output folder. Raises `UserError` if the file is missing, damaged or newer."""
    path = out / JOB_FILE
    try:
        job = json.loads(path.read_text(encoding='utf-8'))
        version = job['version'] if job['format'] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f'{path}: is no job file of `fanet annotate` ({error})') from error
    if version != VERSION:
        raise UserError(f'{path}: version {version!r} is not known; this reads {VERSION}')
    return job
