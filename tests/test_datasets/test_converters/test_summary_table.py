"""The table says how much of the release there is."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from fanet_mmpose.datasets.converters import print_summary


def shown(**fields: object) -> str:
    summary = {
        'dataset': 'wflw', 'schema': 'wflw98', 'faces': {'test': 2500, 'train': 7100, 'val': 390},
        'images': {'test': 2500, 'train': 6000, 'val': 300}, 'quarantined': {},
        'official': {'train': 7500, 'test': 2500}, 'official_found': {'train': 7490, 'test': 2500},
    } | fields  # fmt: skip
    stream = io.StringIO()
    print_summary(summary, Path('data/wflw'), Console(file=stream, width=120))
    return stream.getvalue()


def test_missing_faces_show() -> None:
    rows = {line.split()[1]: line for line in shown().splitlines() if '│' in line}
    assert '7500, 7490 usable here' in rows['train']
    assert '2500' in rows['test'] and 'usable' not in rows['test']
    assert list(rows) == ['train', 'val', 'test']


def test_quarantine_shows() -> None:
    assert '10 x face dropped' in shown(quarantined={'face dropped': 10})
    assert 'quarantine' not in shown()


def test_a_set_without_val_says_so() -> None:
    counts = {'train': 6}
    assert 'There is no val' in shown(faces=counts, images=counts)
    assert 'There is no val' not in shown()
    assert 'There is no val' not in shown(faces={'test': 6}, images={'test': 6})


def test_a_wrong_pair_shows() -> None:
    assert 'In a mirror image a lies on b' in shown(wrong_pair='In a mirror image a lies on b')
    assert 'mirror' not in shown(wrong_pair='')


def test_persons_in_two_splits_show() -> None:
    assert '3 persons have faces in more than one split' in shown(persons_in_several_splits=3)
    assert 'persons' not in shown(persons_in_several_splits=0)
