"""Config files as they are written: what is wrong with one is a sentence that names file and line.

Python configs are programs and are run as such. YAML and JSON configs are data: MMEngine would read
YAML with a loader that builds any object, so tags that do are refused before it sees the file, in
every base, too, and so are aliases that multiply.
"""

from __future__ import annotations

import ast
import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from mmengine.config import Config

from fanet_mmpose.engine.error_origin import frames_of, is_ours, reason_of, root_of
from fanet_mmpose.errors import UserError, find_user_error

SUFFIXES = ('.py', '.json', '.yaml', '.yml')
MAX_BYTES = 1_000_000
"""Of one config; a whole recipe that MMEngine wrote out has 30,000."""
MAX_NODES = 100_000
"""Of a YAML config once its aliases are written out."""
MAX_DEPTH = 100
STANDARD, TUPLE = 'tag:yaml.org,2002:', 'tag:yaml.org,2002:python/tuple'


@contextmanager
def reading_config(path: str | Path) -> Iterator[None]:
    """Around MMEngine's reading of the config `path`.

    Raises:
        UserError: the file, or a base of it, is missing, no config, or fails when it is run; the
            sentence names the file and, for Python, the line. Errors of our own code stay.
    """
    path = Path(path)
    check_config_file(path)
    with _bases_checked() as read:
        try:
            yield
        except Exception as error:
            known = find_user_error(error)
            if known is not None:
                raise known from error
            if _is_our_fault(error):
                raise
            place = _place(error, {path.absolute(), *read}) or str(path)
            raise UserError(f'{place}: {_explain(error)}') from error


def check_config_file(path: Path, named_by: Path | None = None) -> None:
    """Check one file without running it. Raises `UserError`; `named_by` is whose base it is."""
    if not path.is_file():
        if named_by is None:
            what = 'is no file' if path.exists() else 'there is no such config'
            raise UserError(f'{path}: {what}')
        raise UserError(
            f'{named_by}: its _base_ {path} does not exist: write it relative to the folder of '
            'that config'
        )
    if path.suffix not in SUFFIXES:
        raise UserError(f'{path}: is no config, its name must end in {", ".join(SUFFIXES)}')
    if path.stat().st_size > MAX_BYTES:
        raise UserError(f'{path}: has more than {MAX_BYTES} bytes; is it a config?')
    try:
        text = path.read_text(encoding='utf-8')
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f'{path}: cannot be read as UTF-8 text ({reason_of(error)})') from error
    if not text.strip() and named_by is None:
        raise UserError(f'{path}: is empty: write a config, or name one of configs/ as its _base_')
    (_check_python if path.suffix == '.py' else _check_data)(text, path)


def _check_python(text: str, path: Path) -> None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        where = f'{path}: line {error.lineno}' if error.lineno else str(path)
        raise UserError(f'{where}: is no Python ({error.msg}): correct it') from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UserError(f'{path}: is no Python ({reason_of(error)}): correct it') from error


def _check_data(text: str, path: Path) -> None:
    """JSON or YAML that is one mapping of plain values."""
    try:
        if path.suffix == '.json':
            is_mapping = isinstance(json.loads(text), dict)
        else:
            root = yaml.compose(text, yaml.SafeLoader)
            if root is not None:
                _check_nodes(root, path)
            is_mapping = isinstance(root, yaml.MappingNode)
    except RecursionError:
        raise UserError(f'{path}: is nested too deeply for a config') from None
    except (ValueError, yaml.YAMLError) as error:
        reason = ' '.join(str(error).split())
        raise UserError(f'{path}: is no {path.suffix[1:].upper()} ({reason}): correct it') from None
    if not is_mapping:
        raise UserError(f'{path}: must be a mapping of settings, such as model: {{type: …}}')


def _check_nodes(root: yaml.Node, path: Path) -> None:
    sizes: dict[int, int] = {}

    def count(node: yaml.Node, depth: int) -> int:
        """Nodes below one, itself included, each alias as often as it stands there."""
        if depth > MAX_DEPTH:
            raise UserError(f'{path}: is nested too deeply for a config, or an alias holds itself')
        if id(node) not in sizes:
            _check_tag(node, path)
            children: list[Any] = [] if isinstance(node, yaml.ScalarNode) else list(node.value)
            if isinstance(node, yaml.MappingNode):
                children = [part for pair in children for part in pair]
            sizes[id(node)] = 1 + sum(count(child, depth + 1) for child in children)
        return sizes[id(node)]

    if count(root, 0) > MAX_NODES:
        raise UserError(
            f'{path}: its aliases (*name) multiply to more than {MAX_NODES} values: write it out'
        )


def _check_tag(node: yaml.Node, path: Path) -> None:
    plain = node.tag.startswith(STANDARD) and '/' not in node.tag
    if not plain and node.tag != TUPLE:
        tag = node.tag.replace(STANDARD, '!!')
        raise UserError(
            f'{path}: line {node.start_mark.line + 1}: {tag} could run a program and is not read: '
            'write plain values, or a Python config'
        )


@contextmanager
def _bases_checked() -> Iterator[set[Path]]:
    """Let MMEngine read bases only after `check_config_file`, and none that leads to itself.

    Gives the files that were read so far.
    """
    read, open_files, known = Config._file2dict, list[Path](), set[Path]()

    def check_and_read(filename: str, *args: Any, **kwargs: Any) -> Any:
        path = Path(filename).expanduser().absolute()
        if path in open_files:
            raise UserError(f'{path}: its _base_ leads back to this very config')
        if open_files:
            check_config_file(path, named_by=open_files[-1])
        open_files.append(path)
        known.add(path)
        result = read(filename, *args, **kwargs)
        open_files.pop()
        return result

    Config._file2dict = staticmethod(check_and_read)
    try:
        yield known
    finally:
        Config._file2dict = staticmethod(read)


def _is_our_fault(error: BaseException) -> bool:
    """Whether the code that failed, past Python's own imports, is this package's."""
    if isinstance(error, ImportError):  # MMEngine raises another one in its place
        error = root_of(error)
    for frame in reversed([*frames_of(error.__traceback__)]):
        name = frame.f_code.co_filename
        if not name.startswith('<frozen') and Path(name).parent.name != 'importlib':
            return is_ours(frame)
    return False


def _place(error: Exception, configs: set[Path]) -> str | None:
    """The config, or the base of it, and the line that failed, where the traceback has one."""
    for frame, line in reversed([*traceback.walk_tb(error.__traceback__)]):
        path = Path(frame.f_code.co_filename).absolute()
        if path in configs:
            return f'{path}: line {line}'
    return None


def _explain(error: Exception) -> str:
    if 'custom modules' in str(error):  # MMEngine lists all of sys.path
        return (
            f'custom_imports does not work ({reason_of(root_of(error))}): correct the name of the '
            'module, or put its folder on PYTHONPATH'
        )
    return f'{reason_of(error)}: correct the config'
