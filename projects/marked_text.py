"""Tables of documents that programs write anew, between two lines that mark the place."""

from __future__ import annotations

from fanet_mmpose.errors import UserError

BEGIN, END = '<!-- rows -->', '<!-- end of rows -->'


def replace_between(text: str, new: str, name: str) -> str:
    """Put `new` between the markers. Raises `UserError` where they are missing."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise UserError(f'{name}: needs the lines {BEGIN} and {END} once each')
    head, rest = text.split(BEGIN)
    return f'{head}{BEGIN}\n{new}\n{END}{rest.split(END)[1]}'
