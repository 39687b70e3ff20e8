"""Docstrings of registered parts give the types and defaults that the signatures have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / 'fanet_mmpose'


def registered() -> Iterator[object]:
    """A class for each test, named after its file and itself."""
    for path in sorted(PACKAGE.rglob('*.py')):
        if '.mim' in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            decorators = map(ast.unparse, getattr(node, 'decorator_list', ()))
            if isinstance(node, ast.ClassDef) and any('register_module' in d for d in decorators):
                yield pytest.param(node, id=f'{path.stem}.{node.name}')


def documented(node: ast.ClassDef) -> dict[str, str]:
    """Name of each argument with the line of its type, its text and its default."""
    entries: dict[str, str] = {}
    _, _, section = (ast.get_docstring(node) or '').partition('Args:\n')
    for line in section.split('\n\n')[0].splitlines():
        if entry := re.match(r' {4}(\w+) (\(.*)', line):
            name, entries[entry[1]] = entry[1], entry[2]
        elif line.startswith(' ' * 8) and entries:
            entries[name] += f' {line.strip()}'
    return entries


def signature(node: ast.ClassDef) -> dict[str, str]:
    """Name of each argument of `__init__` with how its entry begins and ends."""
    init = next((f for f in node.body if getattr(f, 'name', '') == '__init__'), None)
    if init is None:
        return {}
    given = init.args
    plain = given.args[1:]
    defaults = [*[None] * (len(plain) - len(given.defaults)), *given.defaults, *given.kw_defaults]
    return {
        one.arg: f'({ast.unparse(one.annotation)}): ' + (ends(default) if default else '')
        for one, default in zip([*plain, *given.kwonlyargs], defaults, strict=True)
    }


def ends(default: ast.expr) -> str:
    text = ast.unparse(default)
    return f'Defaults to `{text}`.' if isinstance(default, ast.Name) else f'Defaults to {text}.'


@pytest.mark.parametrize('node', registered())
def test_arguments(node: ast.ClassDef) -> None:
    said, wanted = documented(node), signature(node)
    assert said.keys() == wanted.keys()
    for argument, entry in wanted.items():
        kind, _, default = entry.partition('): ')
        assert said[argument].startswith(f'{kind}): '), argument
        assert said[argument].endswith(default or '.'), argument
        assert default or 'Defaults to' not in said[argument], argument
