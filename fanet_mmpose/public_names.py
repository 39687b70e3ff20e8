"""Names that a package exports and imports only when somebody asks for one (PEP 562).

`from fanet_mmpose.datasets import LoadFaceCrop` needs MMPose; `fanet_mmpose.datasets.converters`
must not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def importer(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for a package.

    Args:
        package: its `__name__`.
        modules: name that it exports -> module of the package that has it.
    """

    def get(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f'module {package!r} has no attribute {name!r}')
        return getattr(import_module(f'{package}.{modules[name]}'), name)

    return get
