"""Any JSON document with one node replaced: what a careless or hostile writer may produce."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Place = tuple[str | int, ...]

ANYTHING = (
    None, True, 0, -1, 10**12, 3.5, math.nan, math.inf, '', '1', 'ä',
    [], [1], ['1', None], [[1, 2]], [{}], {}, {'id': 1}, {'': []},
)  # fmt: skip


def places(document: Any, here: Place = ()) -> Iterator[Place]:
    """The path of every node of a document."""
    yield here
    if isinstance(document, (dict, list)):
        keys = document if isinstance(document, dict) else range(len(document))
        for key in keys:
            yield from places(document[key], (*here, key))


def damaged(document: Any) -> st.SearchStrategy[Any]:
    """The document with one node replaced by anything."""

    def replace(place: Place, value: Any) -> Any:
        if not place:
            return value
        result = copy.deepcopy(document)
        node = result
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = value
        return result

    return st.builds(replace, st.sampled_from(list(places(document))), st.sampled_from(ANYTHING))
