"""The lines at the end of a job: few, and each a line."""

from __future__ import annotations

from fanet_mmpose.corpus.summary import complaints
from fanet_mmpose.corpus.work import Outcome


def test_a_million_missing_sources_are_a_few_lines() -> None:
    gone = {str(number): f'{number}.mp4: has vanished' for number in range(1000)}
    outcome = Outcome(gone=gone, empty=['empty'], first_error='new\nline.png: is damaged')
    lines = complaints(outcome, 3)
    assert len(lines) == 8 and not any('\n' in line for line in lines)
    assert lines[5] == 'error: and 995 more sources'
    assert lines[6] == 'note: empty: holds no picture, shard, table or video'
    assert lines[7].startswith('error: 3 inputs failed') and 'new\\nline.png' in lines[7]
    assert complaints(Outcome(), 0) == []


def test_names_do_nothing_to_a_terminal() -> None:
    first = 'bad\r\x1b[2J\u2028\udce9ü.png: is damaged'
    (line,) = complaints(Outcome(first_error=first), 1)
    assert r'bad\r\x1b[2J\u2028\udce9ü.png: is damaged' in line and line.isprintable()


def test_parts_that_were_deleted_are_told() -> None:
    assert complaints(Outcome(lost=2), 0) == [
        'note: 2 parts of earlier runs had been deleted: their inputs were new ones'
    ]
