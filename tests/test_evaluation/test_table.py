"""The text table says all that must stand beside a number."""

from __future__ import annotations

from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.evaluation.summary import summarize
from fanet_mmpose.evaluation.table import format_summary


def test_protocol_normaliser_and_counts_stand_beside_the_numbers(results: Results) -> None:
    summary = summarize(results)
    text = format_summary(summary)
    lines = text.splitlines()
    assert '12 faces, 1 not found, 1 without normaliser' in lines[0]
    assert lines[0].endswith('NME by inter_ocular')
    assert lines[1] == f'protocol: {results.protocol.line()}'
    assert f'{summary["all"]["nme"]:.3f} [' in text
    for word in ('source=ibug', 'FR10', 'AUC8', 'P99', 'by part', 'occluded', 'box_diagonal'):
        assert word in text


def test_row_of_an_empty_subset(results: Results) -> None:
    text = format_summary(summarize(results, subsets={'nobody': {'source': 'mars'}}))
    row = next(line for line in text.splitlines() if 'nobody' in line)
    assert row.split()[1:3] == ['0', '-']
