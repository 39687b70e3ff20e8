"""Makes `_base_ = ['fanet_mmpose::fanet_wflw.py']` work in any MMEngine program.

MMEngine resolves `package::path` for a fixed list of OpenMMLab packages, only below a folder
(`package::folder/file.py`), and up to 0.10.7 not at all for editable installs. It offers no hook
for other packages, so `Config` is patched to know our prefix the moment MMEngine's module is
imported. A one-line `.pth` file, installed with the package, does this at the interpreter's start.
That is why nothing but `sys` is imported here before somebody asks for a config.

Without the `.pth` file, a config's `_base_` may be the plain path of an installed recipe, and every
other feature works: only the `fanet_mmpose::` prefix needs it, because MMEngine resolves `_base_`
before it runs `custom_imports`.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType
    from typing import Any

PREFIX = 'fanet_mmpose::'
SCOPE = 'mmpose'  # where our parts are registered; MMEngine stamps it on inherited dicts
HOST_MODULE = 'mmengine.config.config'


def config_path(name: str) -> Path:
    """Where an installed recipe lies, e.g. `fanet_wflw.py` or `_base_/…`.

    Looks into the package's `.mim/configs` and, in a checkout that was never installed, into
    `configs/` beside the package. Raises `UserError` when neither has it.
    """
    from difflib import get_close_matches
    from pathlib import Path

    from fanet_mmpose.earlier_names import present_config
    from fanet_mmpose.errors import UserError

    name = present_config(name)
    package = Path(__file__).resolve().parent
    folders = (package / '.mim' / 'configs', package.parent / 'configs')
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    known = sorted({path.name for folder in folders for path in folder.glob('*.py')})
    nearest = ', '.join(get_close_matches(name, known, n=5, cutoff=0))
    raise UserError(f'{PREFIX}{name}: there is no such config; near it are {nearest}')


def patch_config(config_class: Any) -> None:
    """Let MMEngine's `Config` resolve our prefix, and earlier places of our recipes.

    Every other path goes the way it went.
    """
    resolve = config_class._get_cfg_path

    def resolve_ours_too(cfg_path: str, filename: str) -> tuple[str, str | None]:
        if isinstance(cfg_path, str) and cfg_path.startswith(PREFIX):
            return str(config_path(cfg_path.removeprefix(PREFIX))), SCOPE
        from fanet_mmpose.earlier_names import present_config_file

        path, scope = resolve(cfg_path, filename)
        return str(present_config_file(path)), scope

    config_class._get_cfg_path = staticmethod(resolve_ours_too)


class _AfterImport:
    """Stands in the import path until MMEngine's config module comes by, patches it, and leaves."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != HOST_MODULE:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_patch(module: ModuleType) -> None:
            execute(module)
            patch_config(module.Config)

        spec.loader.exec_module = execute_and_patch  # type: ignore[method-assign]
        return spec


def install() -> None:
    """Patch MMEngine now if it is imported, else as soon as it is. Calling it again is harmless."""
    host = sys.modules.get(HOST_MODULE)
    if host is None:
        if not any(isinstance(finder, _AfterImport) for finder in sys.meta_path):
            sys.meta_path.insert(0, _AfterImport())
    elif host.Config._get_cfg_path.__module__ != __name__:
        patch_config(host.Config)
