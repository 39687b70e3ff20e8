"""MMEngine is patched once to know the prefix, early or late, and leaves other paths alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mmengine.config import Config

from fanet_mmpose import base_configs
from fanet_mmpose.errors import UserError


@pytest.fixture
def recipe(repo: Path) -> str:
    return sorted(path.name for path in (repo / 'configs').glob('*.py'))[0]


def test_our_paths_resolve_in_mmposes_scope(recipe: str) -> None:
    base_configs.install()
    path, scope = Config._get_cfg_path(f'fanet_mmpose::{recipe}', 'anything.py')
    assert Path(path).is_file()
    assert scope == 'mmpose'


def test_other_paths_go_as_before() -> None:
    base_configs.install()
    path, scope = Config._get_cfg_path('mmpose::_base_/default_runtime.py', 'anything.py')
    assert path.endswith('mmpose/.mim/configs/_base_/default_runtime.py')
    assert scope == 'mmpose'
    assert Config._get_cfg_path('b.py', '/here/a.py') == ('/here/b.py', None)


def test_an_unknown_recipe_is_answered_with_the_names_near_it(recipe: str) -> None:
    name = Path(recipe).name
    with pytest.raises(UserError, match=f'x{name}: there is no such config; near it are {name}'):
        base_configs.config_path(f'x{name}')


def test_patching_twice_changes_nothing() -> None:
    base_configs.install()
    patched = Config._get_cfg_path
    base_configs.install()
    assert Config._get_cfg_path is patched


def test_patched_before_mmengine_is_imported() -> None:
    program = (
        'import sys; from fanet_mmpose import base_configs; base_configs.install(); '
        'base_configs.install(); hooks = [f for f in sys.meta_path if "_AfterImport" in repr(f)]; '
        'assert len(hooks) == 1 and "mmengine" not in sys.modules; '
        'from mmengine.config import Config; '
        'assert Config._get_cfg_path.__module__ == "fanet_mmpose.base_configs"; '
        'assert not [f for f in sys.meta_path if "_AfterImport" in repr(f)]'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_is_light() -> None:
    program = (
        'import sys, fanet_mmpose, fanet_mmpose.base_configs; '
        'assert not {"torch", "mmpose", "mmcv", "mmengine", "numpy", "cv2"} & set(sys.modules)'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
