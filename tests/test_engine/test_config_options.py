"""`--cfg-options`: values as MMEngine reads them, with the blanks of a path."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import pytest
from mmengine.config import DictAction

from fanet_mmpose.engine.config_options import ConfigOptions, parse_value

AS_MMENGINE = [
    '1', '1e-3', 'true', 'None', 'plain', '1,2,3', '[a, b, c]', '[(1, 2, 3), [a, b], c]', '()',
    '[]', '(1,)', '"[1, 2]"', "'x'", '[[1,2],[3,4]]', 'a/b(1).py', 'a=b', '', 'x,[y,(z,1)]',
]  # fmt: skip


def parse(*flags: str) -> dict[str, Any]:
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=ConfigOptions)
    return parser.parse_args(flags).cfg_options


@pytest.mark.parametrize('text', AS_MMENGINE)
def test_the_rest_is_mmengines(text: str) -> None:
    assert parse_value(text) == DictAction._parse_iterable(text)


@pytest.mark.parametrize(
    ('text', 'value'),
    [
        ('/my faces/a b.json', '/my faces/a b.json'),
        ('"/my faces/a.json"', '/my faces/a.json'),
        ('/my faces (1)/a.json', '/my faces (1)/a.json'),
        ('[/my faces/a, /b c]', ['/my faces/a', '/b c']),
        ("['/my faces/a', '/b c']", ['/my faces/a', '/b c']),
        ('/a b,/c d', ['/a b', '/c d']),
        ('(/a b, 2)', ('/a b', 2)),
        (' 3 ', 3),
    ],
)
def test_blanks_inside_a_value_stay(text: str, value: Any) -> None:
    assert parse_value(text) == value


def test_options_add_up_and_the_last_wins() -> None:
    options = parse('--cfg-options', 'a.b=1', 'c=x y', '--cfg-options', 'a.b=2', 'd=p=q')
    assert options == {'a.b': 2, 'c': 'x y', 'd': 'p=q'}


@pytest.mark.parametrize(
    ('flags', 'named'),
    [
        (('data_root=/my', 'faces'), 'faces: has no "="'),
        (('a=[1,2',), 'a bracket is not closed'),
    ],
)
def test_what_cannot_be_read_is_named(
    flags: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse('--cfg-options', *flags)
    assert named in capsys.readouterr().err


def test_commas_that_stand_in_brackets_only() -> None:
    assert parse_value('f(1,2)') == 'f(1,2)'
    assert parse_value('[f(1,2),3]') == ['f(1,2)', 3]


def test_an_option_that_is_nested_too_deeply(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=ConfigOptions)
    with pytest.raises(SystemExit):
        parser.parse_args(['--cfg-options', 'a=' + '[' * 5000 + ']' * 5000])
    assert 'is nested too deeply' in capsys.readouterr().err
