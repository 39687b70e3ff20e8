"""The whole page: self-contained, escaped, complete with one and with several models."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.report.page import write_report
from fanet_mmpose.evaluation.results import Results

VOID = {'meta', 'img', 'br'}


class Balance(HTMLParser):
    """Follows which elements are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: Path) -> str:
    text = page.read_text(encoding='utf-8')
    balance = Balance()
    balance.feed(text)
    assert not balance.open
    # Nothing is fetched: each picture is inside.
    assert set(re.findall(r'src="(\w+):', text)) == {'data'}
    assert 'href' not in text
    assert '<script' not in text
    return text


def test_one_model(results: Results, tmp_path: Path) -> None:
    text = read(write_report([results], tmp_path / 'new'))
    titles = re.findall('<h2>(.*?)</h2>', text)
    assert titles[:3] == ['Scores', 'Protocol', 'Cumulative error']
    assert {'Subsets', 'Parts', 'Points', 'Confidence', 'Worst faces of toy'} <= set(titles)
    assert 'source=ibug' in text
    assert '128x128' in text
    assert text.count('data:image/jpeg') == 11
    pictures = {path.name for path in (tmp_path / 'new').glob('*.png')}
    assert pictures == {'ced.png', 'slices.png', 'mean_face_1.png', 'calibration.png'}
    assert not list(tmp_path.rglob('*.partial*'))


def test_two_models_are_compared(results: Results, tmp_path: Path) -> None:
    worse = dataclasses.replace(
        results, model='<b>worse</b> & co', predicted=results.predicted + 5, scales=None
    )
    text = read(write_report([results, worse], tmp_path))
    assert 'NME % less that of toy' in text
    assert '&lt;b&gt;worse&lt;/b&gt; &amp; co' in text
    assert '<b>' not in text


def test_same_name_twice(results: Results, tmp_path: Path) -> None:
    text = read(write_report([results, results], tmp_path))
    assert 'toy #1' in text and 'toy #2' in text


def test_bare_results(results: Results, tmp_path: Path) -> None:
    bare = dataclasses.replace(
        results,
        visibility=np.full((12, 68), 2),
        attributes={},
        **dict.fromkeys(('scores', 'scales', 'visible_scores', 'boxes', 'box_sizes')),
    )
    titles = re.findall('<h2>(.*?)</h2>', read(write_report([bare], tmp_path)))
    assert not {'Subsets', 'Confidence', 'Visible and occluded points'} & set(titles)


def test_all_faces_missed(results: Results, tmp_path: Path) -> None:
    nothing = dataclasses.replace(results, predicted=np.full_like(results.predicted, np.nan))
    assert 'not found' in read(write_report([nothing], tmp_path))


def test_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='at least one'):
        write_report([], tmp_path)


def test_point_sets_do_not_mix(results: Results, tmp_path: Path) -> None:
    renamed = dataclasses.replace(results.schema, name='other68')
    with pytest.raises(UserError, match='300w68, other68'):
        write_report([results, dataclasses.replace(results, schema=renamed)], tmp_path)
