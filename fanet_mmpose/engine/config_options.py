"""`--cfg-options` as MMEngine reads them, but blanks inside a value stay: paths may have them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from mmengine.config import DictAction

OPEN, CLOSE = '([', ')]'


def split_elements(text: str) -> Iterator[str]:
    """The parts of `text` between the commas that stand outside all brackets.

    Raises `ValueError` if a bracket is not closed.
    """
    start = depth = 0
    for at, character in enumerate(text):
        depth += (character in OPEN) - (character in CLOSE)
        if character == ',' and depth == 0:
            yield text[start:at]
            start = at + 1
    if depth:
        raise ValueError(f'a bracket is not closed in {text}')
    if text[start:].strip():
        yield text[start:]


def parse_value(text: str) -> Any:
    """One value of `--cfg-options`: a number, True, False, None, text, or a list or tuple of them.

    MMEngine's own rule, except that it drops every blank; here only those round an element go, so
    `data_root=/my faces/a` keeps its folder. Raises `ValueError` if a bracket is not closed.
    """
    text = text.strip().strip('\'"').strip()
    in_brackets = (text[:1], text[-1:]) in (('(', ')'), ('[', ']'))
    if not in_brackets and ',' not in text:
        return DictAction._parse_int_float_bool(text)
    parts = [*split_elements(text[1:-1] if in_brackets else text)]
    if not in_brackets and parts == [text]:  # its commas stand in brackets, as in f(1,2)
        return DictAction._parse_int_float_bool(text)
    values = map(parse_value, parts)
    return tuple(values) if text.startswith('(') and in_brackets else [*values]


class ConfigOptions(DictAction):
    """MMEngine's `DictAction` with `parse_value`; a malformed option ends in one sentence."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: Sequence[str],
        option_string: str | None = None,
    ) -> None:
        """Add the `key=value` texts to the dictionary in `namespace`."""
        options = dict(getattr(namespace, self.dest, None) or {})
        for text in values:
            key, equals, value = text.partition('=')
            if not equals:
                parser.error(
                    f'{option_string} {text}: has no "=": write key=value, and put quotes round '
                    'the whole of it where the value has blanks ("key=/my faces")'
                )
            try:
                options[key] = parse_value(value)
            except (ValueError, RecursionError) as error:
                reason = 'is nested too deeply' if isinstance(error, RecursionError) else error
                parser.error(f'{option_string} {text[:200]}: {reason}')
        setattr(namespace, self.dest, options)
