"""Whether values of a config are of the types that a signature asks for."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

PLAIN = (int, float, str, bool, type(None))


def wrong_argument(kind: Any, values: Mapping[str, Any]) -> str | None:
    """What of `values` is of another type than the call of `kind` asks for, or None.

    Numbers, texts, truth values, lists and mappings are compared; other types are let through.
    """
    try:
        hints = get_type_hints(kind.__init__ if inspect.isclass(kind) else kind)
    except (NameError, TypeError):
        return None
    for name, hint in hints.items():
        if name in values and not fits(values[name], hint):
            asked = hint.__name__ if inspect.isclass(hint) and not get_args(hint) else hint
            return f'{name} is {values[name]!r} and must be {asked}'
    return None


def fits(value: Any, hint: Any) -> bool:
    """Whether a value may be of an annotated type; True where that cannot be told."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in inner)
    if inspect.isclass(origin) and issubclass(origin, Sequence):
        return isinstance(value, (list, tuple)) and all(fits(*pair) for pair in _pairs(value, hint))
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if hint not in PLAIN:
        return True
    if isinstance(value, bool) or hint is not float:
        return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))
    return isinstance(value, (int, float))


def _pairs(values: Sequence[Any], hint: Any) -> list[tuple[Any, Any]]:
    """Each of `values` with the type of its place; none for a tuple of another length."""
    inner = get_args(hint)
    if get_origin(hint) is tuple and inner[-1] is not Ellipsis:
        return [*zip(values, inner, strict=False)]
    return [(value, inner[0]) for value in values]
