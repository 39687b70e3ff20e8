"""Names that have changed: the earlier ones work for one release, and each warns once.

The one table of modules, configs, tools, arguments, command-line options and state-dict keys. It is
imported at Python's start (`base_configs`), so nothing but `sys` is imported at the top.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

# Modules of the package; those below them moved along.
MODULES = {
    'fanet_mmpose.datasets.synthetic': 'fanet_mmpose.synthetic',
    'fanet_mmpose.hosts': 'fanet_mmpose.dependencies',
    'fanet_mmpose.mean_teacher': 'fanet_mmpose.semi',
    'fanet_mmpose.pipeline': 'fanet_mmpose.inference',
    'fanet_mmpose.semi.teaching': 'fanet_mmpose.semi.pseudo_labels',
}
# Recipes behind `fanet_mmpose::`: what their paths begin with.
CONFIGS = {
    'few_labels/': 'semi/few_labels/',
    'own_faces/': 'semi/own_faces/',
    'named_points/': 'semi/named_points/',
    'fanet_semi_300w_': 'semi/fanet_semi_300w_',
}
# Files of `tools/`: the folder that has them.
TOOLS = {
    'benchmark.py': 'analysis_tools',
    'export.py': 'deployment',
    'prepare_dataset.py': 'dataset_converters',
    'propose_labels.py': 'misc',
    'report.py': 'analysis_tools',
}
# Fields of options that are given by name.
ARGUMENTS = {'doubtful': 'min_score', 'max_overlap': 'max_iou'}
# Options of `fanet`: the words in their place.
OPTIONS = {'--no-smooth': ('--filter', 'none')}
# Module by the path of its attribute in the network -> attribute then, attribute now. These do not
# warn: weights that ship have them.
STATE_DICT_KEYS = {
    'attention.': {
        'merge.': 'output_proj.',
        'weigh.': 'evidence_embed.',
        'identity': 'landmark_embed',
        'relations.': 'encoder_layers.',
    },
    'pyramid.': {'identity.': 'proj.', 'scales.': 'branches.'},
    'neck.': {'merges.': 'top_down.'},
}

_warned: set[str] = set()


def warn_once(earlier: str, present: str) -> None:
    """Say, the first time in this process, what an earlier name is now."""
    if earlier not in _warned:
        import warnings

        _warned.add(earlier)
        warnings.warn(f'{earlier} is {present} now', FutureWarning, stacklevel=3)


def present_config(name: str) -> str:
    """The present path below `configs/` of a recipe."""
    for then, now in CONFIGS.items():
        if name.startswith(then):
            present = now + name.removeprefix(then)
            warn_once(f'fanet_mmpose::{name}', f'fanet_mmpose::{present}')
            return present
    return name


def present_options(words: Sequence[str]) -> list[str]:
    """A command line's words with the present options in place of earlier ones."""
    given = []
    for word in words:
        if word in OPTIONS:
            warn_once(word, ' '.join(OPTIONS[word]))
        given += OPTIONS.get(word, (word,))
    return given


def accept_earlier_arguments(cls: type) -> type:
    """Class decorator: earlier names of arguments that are given by name are taken as well."""
    init = cls.__init__

    def renamed_init(self: Any, *args: Any, **kwargs: Any) -> None:
        for then in ARGUMENTS.keys() & kwargs.keys():
            warn_once(then, ARGUMENTS[then])
            kwargs[ARGUMENTS[then]] = kwargs.pop(then)
        init(self, *args, **kwargs)

    renamed_init.__wrapped__ = init  # the signature that `inspect` shows
    cls.__init__ = renamed_init  # type: ignore[misc]
    return cls


class EarlierModules:
    """Finds modules by their earlier names. Python asks it last, where nobody else knows one."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module without a file that takes every name from the present one."""
        for then, now in MODULES.items():
            if f'{fullname}.'.startswith(f'{then}.'):
                from importlib import import_module
                from importlib.machinery import ModuleSpec

                warn_once(then, now)
                present = import_module(now + fullname.removeprefix(then))
                return ModuleSpec(fullname, _Forward(present), is_package=True)
        return None


class _Forward:
    """The loader of such a module."""

    def __init__(self, present: ModuleType) -> None:
        self.present = present

    def create_module(self, spec: ModuleSpec) -> None:
        """Python makes an empty one."""

    def exec_module(self, module: ModuleType) -> None:
        present = self.present
        module.__getattr__ = lambda name: getattr(present, name)  # type: ignore[method-assign]


def install() -> None:
    """Let Python find modules by their earlier names. Calling it again is harmless."""
    if EarlierModules not in sys.meta_path:
        sys.meta_path.append(EarlierModules)
