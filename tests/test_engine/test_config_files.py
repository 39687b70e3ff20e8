"""A config that cannot be read is one sentence, for files and for the bases they name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip('mmengine')
from mmengine.config import Config  # noqa: E402

from fanet_mmpose import base_configs  # noqa: E402
from fanet_mmpose.engine.config_files import MAX_BYTES, reading_config  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402

RUNS = 'a: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [ran]]\n'


def laughs() -> str:
    """10^9 values of 400 characters: each line repeats the one before it ten times."""
    lines = [f'{x}: &{x} [{", ".join(["*" + y] * 10)}]' for x, y in zip('bcdefghi', 'abcdefgh')]  # noqa: B905
    return '\n'.join(['a: &a [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]', *lines])


LAZY = 'from mmengine.config import read_base\nwith read_base():\n    from .gone import *\n'
WRONG = {
    'open.py': ('a = (1\n', 'line 1: is no Python'),
    'zero.py': ('a = 1\0', 'is no Python'),
    'deep.py': ('a = ' + '(' * 500 + '1' + ')' * 500, 'is no Python'),
    'empty.py': ('', 'is empty'),
    'blank.yaml': ('\n', 'is empty'),
    'base.py': ("_base_ = './gone.py'\n", 'its _base_ .*gone.py does not exist'),
    'folder.py': ("_base_ = '.'\n", 'its _base_ .* does not exist'),
    'number.py': ('_base_ = 5\n', 'correct the config'),
    'loop.py': ("_base_ = 'loop.py'\n", 'leads back to this very config'),
    'other_loop.py': ("_base_ = 'to_loop.py'\n", 'leads back to this very config'),
    'name.py': ("_base_ = 'right.py'\nb = foo\n", "name.py: line 2: NameError: name 'foo'"),
    'of_base.py': ("_base_ = 'right.py'\nb = _base_.c\n", 'of_base.py: line 2: AttributeError'),
    'list.py': ("_base_ = 'right.py'\na = dict(x=1)\n", 'a=.* cannot inherit from base'),
    'module.py': ("custom_imports = dict(imports=['no_such_m'])\n", 'custom_imports does not work'),
    'spelling.py': ("custom_imports = dict(import_=['os'])\n", 'import_'),
    'lazy.py': (LAZY, 'gone.py not found'),
    'recipe.py': ("_base_ = 'fanet_mmpose::fanet_30w.py'\n", 'config; near it are fanet_300w.py,'),
    'reserved.py': ("filename = 'a'\n", 'filename is reserved'),
    'runs.yaml': (RUNS, 'line 1: !!python/object/apply:pathlib.Path.touch could run a program'),
    'runs_base.py': ("_base_ = 'runs.yaml'\n", 'could run a program'),
    'laughs.yaml': (laughs(), 'multiply to more than'),
    'itself.yaml': ('a: &a [*a]\n', 'an alias holds itself'),
    'deep.yaml': ('a: ' + '[' * 1200 + ']' * 1200, 'nested too deeply'),
    'deep.json': ('{"a": ' + '[' * 99_999 + ']' * 99_999 + '}', 'nested too deeply'),
    'list.json': ('[1]', 'must be a mapping'),
    'cut.json': ('{"a":', 'is no JSON'),
    'cut.yaml': ('a: [1\n', 'is no YAML'),
    'scalar.yaml': ('5\n', 'must be a mapping'),
    'number_key.yaml': ('1: 2\n', 'correct the config'),
    'date.yaml': ('a: 9999-99-99\n', 'month must be in 1..12'),
    'config.txt': ('a = 1\n', r'must end in \.py'),
    'large.py': ('a = 1\n' + '#' * MAX_BYTES, 'more than 1000000 bytes'),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, (text, _) in WRONG.items():
        (tmp_path / name).write_text(text, encoding='utf-8')
    (tmp_path / 'right.py').write_text('a = [1]\n')
    (tmp_path / 'to_loop.py').write_text("_base_ = 'other_loop.py'\n")
    monkeypatch.chdir(tmp_path)
    base_configs.install()
    return tmp_path


def read(path: str | Path) -> Config:
    with reading_config(path):
        return Config.fromfile(path)


@pytest.mark.parametrize('name', WRONG)
def test_a_wrong_config_is_one_sentence(folder: Path, name: str) -> None:
    with pytest.raises(UserError, match=WRONG[name][1]) as caught:
        read(name)
    sentence = str(caught.value)
    assert '\n' not in sentence and len(sentence) < 700
    assert not (folder / 'ran').exists()


def test_what_is_no_text_or_no_file(folder: Path) -> None:
    (folder / 'latin.py').write_bytes('a = "ä"\n'.encode('latin-1'))
    os.mkfifo(folder / 'pipe.py')
    for name, said in (
        ('latin.py', 'cannot be read as UTF-8'), ('pipe.py', 'is no file'), ('.', 'is no file'),
        ('gone.py', 'there is no such config'),
    ):  # fmt: skip
        with pytest.raises(UserError, match=said):
            read(name)


def test_right_configs_are_read_as_before(folder: Path) -> None:
    (folder / 'one.yaml').write_text('a: &a {x: 1}\nb:\n  <<: *a\n  y: !!python/tuple [1, 2]\n')
    (folder / 'two.py').write_text(
        "_base_ = ['{{ fileDirname }}/one.yaml', 'right2.json']\nc = 3\n"
    )
    (folder / 'right2.json').write_text('{"d": null}')
    config = read('two.py')
    assert config.to_dict() == dict(a=dict(x=1), b=dict(x=1, y=(1, 2)), c=3, d=None)
    assert Config.fromfile('loop.py'.replace('loop', 'right')).a == [1]


def test_an_error_of_our_own_code_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fanet_mmpose.engine import input_size

    monkeypatch.setattr(input_size, 'as_size', None)  # resize then fails in a line of its own
    Path('ours.py').write_text(
        "_base_ = 'right.py'\nimport importlib\n"
        "importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 256)\n"
    )
    with pytest.raises(TypeError, match='not callable'):
        read('ours.py')
    assert 'check_and_read' not in Config._file2dict.__name__
