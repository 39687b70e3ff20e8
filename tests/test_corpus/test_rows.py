"""Rows of the output."""

from __future__ import annotations

from fanet_mmpose.corpus.item import Item
from fanet_mmpose.corpus.rows import LONGEST_ERROR, RowMaker


def test_a_long_name_does_not_hide_the_reason() -> None:
    name = '/'.join(['d' * 200] * 15)
    row = RowMaker('0', '0').error(Item('file', '/in', name), f'{name}: is damaged')
    assert row['error'].endswith('dd: is damaged') and row['error'].startswith('dd')
    assert len(row['error']) < LONGEST_ERROR and row['key'] == name
