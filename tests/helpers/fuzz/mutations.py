"""Ways in which a file that a user hands in may be wrong; each draws from a seeded generator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import yaml

from helpers.json_damage import ANYTHING, places

MARK = 'fuzz_ran'  # a file that appears in the working folder where a case ran a program
HUGE = (10**9, -(10**9), 10**30, 1e308, -1e308, 10**400, 65536, 2**31, 2**63)
WORDS = ('', 'ä' * 300, '../../etc/passwd', 'C:\\x\\y', '\0', 'null', 'NaN', '💡', 'a' * 5000)
NUMBER = re.compile(rb'-?\d+(?:\.\d+)?')
RUNS = f'!!python/object/apply:builtins.open [{MARK}, w]'

Mutation = Callable[[bytes, Random], bytes]


def flip_bits(content: bytes, rng: Random) -> bytes:
    """One to eight bits."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(content: bytes, rng: Random) -> bytes:
    """Cut anywhere, the whole included."""
    return content[: rng.randrange(len(content))]


def move_a_piece(content: bytes, rng: Random) -> bytes:
    """A piece is removed, repeated, zeroed or replaced by noise."""
    start = rng.randrange(len(content))
    end = min(len(content), start + rng.randint(1, max(2, len(content) // 8)))
    piece = content[start:end]
    given = (b'', piece * 3, bytes(len(piece)), rng.randbytes(len(piece)))
    return content[:start] + rng.choice(given) + content[end:]


def change_a_number(content: bytes, rng: Random) -> bytes:
    """A number in a text becomes huge, negative, empty or a word."""
    found = list(NUMBER.finditer(content))
    if not found:
        return flip_bits(content, rng)
    match = rng.choice(found)
    given = rng.choice([*map(str, HUGE[:5]), '-1', '0', '', 'nan', 'inf', 'x', '1e999', '0x10'])
    return content[: match.start()] + given.encode() + content[match.end() :]


def change_lines(content: bytes, rng: Random) -> bytes:
    """A line is dropped, repeated, moved to the end, cut, or has another delimiter."""
    lines = content.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    line = lines[at]
    given = (
        [], [line] * 3, [line[: len(line) // 2], b'\n'], [line.replace(b',', b';')],
        [line.replace(b' ', b'\t')], [b'\n'], [b'# ' + line], [line.strip()[::-1], b'\n'],
    )  # fmt: skip
    return b''.join([*lines[:at], *rng.choice(given), *lines[at + 1 :]])


def encode_otherwise(content: bytes, rng: Random) -> bytes:
    """The same text in another encoding, with a mark, other line ends, or a stray byte."""
    text = content.decode('utf-8', 'replace')
    return rng.choice(
        (
            text.encode('utf-16'), text.encode('utf-32'), b'\xef\xbb\xbf' + content,
            text.replace('\n', '\r\n').encode(), text.replace('\n', '\r').encode(),
            content + b'\xe4\xff', content + b'\0', text.upper().encode(),
            text.replace('a', 'ä').encode('latin-1', 'replace'),
        )
    )  # fmt: skip


def change_a_node(document: Any, rng: Random) -> Any:
    """A value of a tree of mappings and lists is dropped, renamed or replaced."""
    place = rng.choice(list(places(document)))
    new = rng.choice((*ANYTHING, *HUGE, *WORDS, _nested(rng.choice((50, 3000)))))
    if not place:
        return new
    node = document
    for key in place[:-1]:
        node = node[key]
    last, how = place[-1], rng.randrange(4)
    if how == 0:
        del node[last]
    elif how == 1 and isinstance(node, dict):
        node[f'{last}_'[rng.randrange(2) :]] = node.pop(last)
    elif how == 2 and isinstance(node, list):
        node.extend([node[last]] * rng.choice((1, 50)))
    else:
        node[last] = new
    return document


def _nested(depth: int) -> list:
    inner: list = []
    for _ in range(depth):
        inner = [inner]
    return inner


def change_json(content: bytes, rng: Random) -> bytes:
    """`change_a_node` once to three times."""
    document = json.loads(content)
    try:
        for _ in range(rng.randint(1, 3)):
            document = change_a_node(document, rng)
        return json.dumps(document).encode('utf-8', 'surrogatepass')
    except (RecursionError, ValueError):  # the writer's limits, not the reader's
        return b'[' * 100_000 + b']' * 100_000


def change_yaml(content: bytes, rng: Random) -> bytes:
    """`change_a_node`, a tag that runs a program, or aliases that multiply."""
    how = rng.randrange(6)
    if how == 0:
        return content + f'\ntrap: {RUNS}\n'.encode()
    if how == 1:
        names = [f'l{number}' for number in range(9)]
        lines = [f'{b}: &{b} [{", ".join([f"*{a}"] * 10)}]' for a, b in zip(names, names[1:])]  # noqa: B905
        return content + ('\nl0: &l0 [lol, lol]\n' + '\n'.join(lines) + '\n').encode()
    try:
        return yaml.safe_dump(change_a_node(yaml.safe_load(content), rng)).encode()
    except (RecursionError, yaml.YAMLError, UnicodeEncodeError, AttributeError, TypeError):
        return b'a: ' + b'[' * 3000


ANY = (flip_bits, truncate, move_a_piece)
TEXT = (*ANY, change_a_number, change_lines, encode_otherwise)
BY_SUFFIX: dict[str, tuple[Mutation, ...]] = {
    '.json': (*TEXT, change_json, change_json, change_json),
    '.yaml': (*TEXT, change_yaml, change_yaml, change_yaml),
    **dict.fromkeys(('.csv', '.txt', '.pts', '.xml', '.py', '.lst'), TEXT),
}


def mutate(name: str, content: bytes, rng: Random) -> tuple[str, bytes]:
    """Name of the mutation and the changed content; some keep it as it is, which must work."""
    if not content or rng.random() < 0.03:
        return 'none', content
    suffix = name[name.rfind('.') :]
    change = rng.choice(BY_SUFFIX.get(suffix, ANY))
    return change.__name__, change(content, rng)
