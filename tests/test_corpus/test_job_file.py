"""Runs on one output folder must agree on what decides the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fanet_mmpose.corpus.job_file import agree_on_job, read_job
from fanet_mmpose.corpus.settings import JobSettings
from fanet_mmpose.errors import UserError

MODEL = {'model': 'blob', 'model_sha256': '00', 'point_schema': '300w68'}
SETTINGS = JobSettings(detector='whole_image')


@pytest.mark.parametrize('changed', [{'passes': 1}, {'min_face': 0.7}, {'schema': '5'}])
def test_other_settings_are_refused_in_both_directions(tmp_path: Path, changed: dict) -> None:
    other = replace(SETTINGS, **changed)
    for number, (first, second) in enumerate([(SETTINGS, other), (other, SETTINGS)]):
        out = tmp_path / str(number)
        out.mkdir()
        agree_on_job(out, first, MODEL)
        agree_on_job(out, replace(first, batch=8), MODEL)
        with pytest.raises(UserError, match=f'annotations with {next(iter(changed))} '):
            agree_on_job(out, second, MODEL)


def test_default_settings_have_the_keys_of_the_first_version(tmp_path: Path) -> None:
    agree_on_job(tmp_path, SETTINGS, MODEL)
    assert 'min_face' not in read_job(tmp_path)
