"""Tables between two lines."""

from __future__ import annotations

import pytest

from fanet_mmpose.errors import UserError
from projects.marked_text import BEGIN, END, replace_between


def test_only_what_lies_between_changes() -> None:
    text = f'before\n{BEGIN}\nold\n{END}\nafter\n'
    assert replace_between(text, 'new', 'a.md') == f'before\n{BEGIN}\nnew\n{END}\nafter\n'


@pytest.mark.parametrize('text', ['nothing', BEGIN, f'{BEGIN}\n{BEGIN}\n{END}'])
def test_a_page_without_markers(text: str) -> None:
    with pytest.raises(UserError, match='a.md: needs the lines'):
        replace_between(text, 'new', 'a.md')
