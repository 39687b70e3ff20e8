"""Values are compared with annotated types, as far as that can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from fanet_mmpose.engine.argument_types import fits, wrong_argument


@pytest.mark.parametrize(
    ('value', 'hint', 'right'),
    [
        (1, int, True), (1.0, int, False), (True, int, False), ('1', int, False),
        (1, float, True), (True, float, False), ('a', float, False), (True, bool, True),
        (1, bool, False), ('a', str, True), (None, int | None, True), ('a', int | None, False),
        ((1, 2), tuple[int, ...], True), ([1, 'a'], tuple[int, ...], False), (1, list[int], False),
        (('a', 1), tuple[str, int], True), ((1, 'a'), tuple[str, int], False),
        (dict(), Mapping[str, Any], True), ([], dict[str, Any], False), (object(), Any, True),
        ('a', Sequence[str], False), (3, 'anything', True),
    ],
)  # fmt: skip
def test_fits(value: Any, hint: Any, right: bool) -> None:
    assert fits(value, hint) is right


def test_the_argument_is_named() -> None:
    class Part:
        def __init__(self, width: int, names: Sequence[str] = (), **more: Any) -> None:
            pass

    def function(scale: float) -> None:
        pass

    assert wrong_argument(Part, dict(width=3, names=['a'], other=5)) is None
    assert wrong_argument(Part, dict(width='wide')) == "width is 'wide' and must be int"
    assert 'names is 3 and must be' in wrong_argument(Part, dict(width=1, names=3))
    assert wrong_argument(function, dict(scale=[1])) == 'scale is [1] and must be float'
    assert wrong_argument(len, dict(obj=1)) is None
