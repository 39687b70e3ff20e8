"""Who may import whom: no cycle, no arrow upwards, nothing of `projects/` in the product."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

# A room may import those below it. Rooms of one line are beside each other and may not.
FLOORS = (
    {'cli', '__main__', 'demo', 'apis'},
    {'serve', 'mediapipe'},
    {'labelling', 'semi', 'plugin'},
    {'evaluation'},
    {'corpus'},
    {'datasets'},
    {'inference'},
    {'weights'},
    {'deploy'},
    {'engine'},
    {'models', 'codecs'},
)


def is_for_types_alone(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and getattr(node.test, 'id', '') == 'TYPE_CHECKING'


def imported(node: ast.AST, modules: set[str], package: str) -> Iterator[str]:
    """Modules that code imports, in functions too; what only type checkers read is left out.

    `package` is the one that relative imports start from.
    """
    if is_for_types_alone(node):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
    elif isinstance(node, ast.ImportFrom):
        above = package.split('.')[: 1 - node.level or None] if node.level else []
        source = '.'.join([*above, *filter(None, [node.module])])
        for alias in node.names:
            full = f'{source}.{alias.name}'
            yield full if full in modules else source
    for child in ast.iter_child_nodes(node):
        yield from imported(child, modules, package)


@pytest.fixture(scope='module')
def graph() -> dict[str, set[str]]:
    """Module of the package -> modules of the package that it imports."""
    root = Path(__file__).resolve().parents[1]
    files = {
        '.'.join(path.relative_to(root).with_suffix('').parts).removesuffix('.__init__'): path
        for path in (root / 'fanet_mmpose').rglob('*.py')
        if '.mim' not in path.parts
    }
    trees = {name: ast.parse(path.read_text(encoding='utf-8')) for name, path in files.items()}
    packages = {
        name: name if path.name == '__init__.py' else name.rpartition('.')[0]
        for name, path in files.items()
    }
    return {
        name: {*imported(tree, {*files}, packages[name])} & {*files} - {name}
        for name, tree in trees.items()
    }


def room(module: str) -> str:
    return [*module.split('.'), '__init__'][1]


def test_relative_imports_are_seen(graph: dict[str, set[str]]) -> None:
    assert 'fanet_mmpose.models.constants' in graph['fanet_mmpose.models.score_map']


def test_no_cycle(graph: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(' -> '.join(error.args[1]))


def test_no_arrow_upwards(graph: dict[str, set[str]]) -> None:
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    upwards = [
        f'{module} imports {other}'
        for module, others in graph.items()
        for other in others
        if room(module) in floor and floor.get(room(other), 99) < floor[room(module)]
    ]
    assert upwards == []


def test_nothing_of_the_product_imports_projects(repo: Path) -> None:
    for folder in ('fanet_mmpose', 'tools', 'configs'):
        for path in (repo / folder).rglob('*.py'):
            text = path.read_text(encoding='utf-8')
            assert 'from projects' not in text, path
            assert 'import projects' not in text, path


def test_training_imports_nothing_of_projects() -> None:
    pytest.importorskip('mmpose')
    code = 'import sys, fanet_mmpose.plugin; print([m for m in sys.modules if "projects" in m])'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert "'projects" not in done.stdout


def test_the_light_path_imports_no_torch(graph: dict[str, set[str]]) -> None:
    light = [
        name
        for name in graph
        if room(name) in ('geometry', 'inference', 'serve', 'mediapipe')
        or name in ('fanet_mmpose.deploy.runtime', 'fanet_mmpose.deploy.model_info')
    ]
    hidden = ('torch', 'torchvision', 'mmcv', 'mmengine', 'mmdet', 'mmpose')
    code = (
        f'import sys; sys.modules.update(dict.fromkeys({hidden}))\n'
        f'import importlib\nfor name in {light}:\n    importlib.import_module(name)\n'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-1000:]
