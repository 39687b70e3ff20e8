"""The folder for MMPose's `projects/`: the package's models and codec, written out anew.

Nothing is kept twice in this repository: modules are read from the package, and only their imports
of the package change.
"""

from __future__ import annotations

from pathlib import Path
from pprint import pformat

from fanet_mmpose.earlier_names import STATE_DICT_KEYS
from fanet_mmpose.errors import UserError
from fanet_mmpose.files import write_text

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / 'fanet_mmpose'
STATIC = ('README.md', *(f'configs/{path.name}' for path in (HERE / 'configs').glob('*.py')))
# Where the package has a folder's modules under another name: `codecs` is Python's own.
IN_PACKAGE = {'keypoint_codecs': 'codecs'}
# Modules of each folder, and those of them that register something.
MODULES = {
    'models': (
        'constants', 'earlier_keys', 'spp_neck', 'score_map', 'landmark_attention',
        'local_coordinate_head', 'losses',
    ),
    'keypoint_codecs': ('local_coordinate_label',),
}  # fmt: skip
EXPORTED = {
    'models.spp_neck': ('SPPNeck',),
    'models.landmark_attention': ('LandmarkAttention', 'NoAttention'),
    'models.local_coordinate_head': ('LocalCoordinateHead',),
    'models.losses': ('CoordinateLoss', 'LaplaceScaleLoss', 'ScoreMapLoss'),
    'keypoint_codecs.local_coordinate_label': ('LocalCoordinateLabel',),
}


def stand_alone(source: str) -> str:
    """A module's source without imports of the package: its error becomes Python's `ValueError`."""
    line = 'from fanet_mmpose.errors import UserError\n'
    source = source.replace(line, '').replace('UserError', 'ValueError')
    line = 'from fanet_mmpose.earlier_names import STATE_DICT_KEYS\n'
    source = source.replace(line, f'STATE_DICT_KEYS = {pformat(STATE_DICT_KEYS)}\n')
    source = source.replace('`earlier_names` has the table. ', '')
    if 'fanet_mmpose' in source:
        raise UserError('a module imports another part of fanet_mmpose: add it to MODULES')
    return source


def package_init(folder: str) -> str:
    """`__init__.py` of a folder: what it registers."""
    parts = {name.split('.')[1]: names for name, names in EXPORTED.items() if folder in name}
    imports = [f'from .{module} import {", ".join(names)}' for module, names in parts.items()]
    names = sorted(name for names in parts.values() for name in names)
    return '\n'.join([*imports, '', f'__all__ = {names!r}', ''])


def make_project(out: Path) -> None:
    """Write the folder. Raises `UserError` if it cannot be written to or is not empty."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f'{out}: exists and is not empty: give another folder')
    for name in STATIC:
        write_text(out / name, (HERE / name).read_text(encoding='utf-8'))
    for folder, modules in MODULES.items():
        write_text(out / folder / '__init__.py', package_init(folder))
        for module in modules:
            place = PACKAGE / IN_PACKAGE.get(folder, folder)
            source = (place / f'{module}.py').read_text(encoding='utf-8')
            write_text(out / folder / f'{module}.py', stand_alone(source))
