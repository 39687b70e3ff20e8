"""Another input size in one line: every part of a config that depends on it follows.

MMEngine evaluates a base before the config that inherits from it, so a number in the heir does not
reach pipelines of the base. Hence one call, in a config file,

    importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, 256)

or one option of tools/train.py and tools/test.py, `--cfg-options input_size=256`. (MMEngine's
configs may import the standard library only; `importlib` is of it. `_base_` must stand before the
import: mmengine 0.10.7 does not know every Python's standard library, and then takes the file for
one of the other kind of configs.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from fanet_mmpose.errors import UserError

MULTIPLE = 32  # px: the stride of C5, the coarsest map of the backbones
CODEC = 'LocalCoordinateLabel'
MAX_CACHE_MB = 4096  # of one loader process; larger crops than this holds are read anew
# Estimators that see crops as a loader gives them; others may cut views of their own from them.
SEE_CROPS = ('TopdownPoseEstimator', 'MeanTeacherFANet')
CALL = "importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, {})"


def as_size(value: Any) -> tuple[int, int]:
    """(width, height) in px of 256 or (256, 192). Raises `UserError` for anything else."""
    sides = [value, value] if isinstance(value, int) else value
    is_pair = isinstance(sides, Sequence) and not isinstance(sides, str) and len(sides) == 2
    if not is_pair or any(type(side) is not int or side <= 0 or side % MULTIPLE for side in sides):
        raise UserError(
            f'input_size is {value!r}: it must be one whole number of px or two (width, height), '
            f'each a multiple of {MULTIPLE}'
        )
    return sides[0], sides[1]


def parts_of(config: Any) -> Iterator[MutableMapping[str, Any]]:
    """Every dict inside a config, itself included (MMEngine's `Config` is no `Mapping`)."""
    if hasattr(config, 'values'):
        yield config
        config = list(config.values())
    elif not isinstance(config, (list, tuple)):
        return
    for child in config:
        yield from parts_of(child)


def resize(config: MutableMapping[str, Any], input_size: int | Sequence[int]) -> None:
    """Set the input size of a whole config, in place: crops, targets, decoder and kept pictures.

    Args:
        config: a config with `model.head.decoder`; in a config file, `_base_`.
        input_size: side, or width and height, of the crop in px; multiples of 32.

    Raises `UserError` for another size, or another codec than `LocalCoordinateLabel`, whose
    targets have sizes of their own.
    """
    width, height = as_size(input_size)
    decoders = [part for part in parts_of(config) if part.get('type') == CODEC]
    if not decoders:
        raise UserError(
            f'input_size: the config has no {CODEC}: set the sizes of its codec and crops one by '
            'one'
        )
    grown = max(width, height) / max(decoders[0]['input_size'])
    for part in {id(part): part for part in parts_of(config)}.values():  # each once
        if part.get('type') == 'LoadFaceCrop':
            part['size'] = round(part.get('size', 256) * grown)
            cache = part.get('cache_mb', 1024) * max(1.0, grown**2)
            part['cache_mb'] = round(min(cache, max(MAX_CACHE_MB, part.get('cache_mb', 0))))
        elif 'input_size' in part and 'type' in part:
            part['input_size'] = (width, height)


def refuse_bare_size(config: Mapping[str, Any], path: str) -> None:
    """Raise `UserError` for a config file that says `input_size = …` and no more.

    MMPose's own programs would train and predict at the base's size, without a word.
    """
    if 'input_size' in config:
        raise UserError(
            f'{path}: input_size = {config["input_size"]} alone does not reach the crops: write '
            f'after _base_ `import importlib` and `{CALL.format(config["input_size"])}` instead'
        )


def check_crops(config: Mapping[str, Any], loaders: Sequence[str]) -> None:
    """Raise `UserError` where a loader's crops are of another size than the decoder's."""
    if config['model'].get('type') not in SEE_CROPS:
        return
    head = config['model'].get('head') or {}
    wanted = _shown((head.get('decoder') or {}).get('input_size'))
    for name in loaders:
        for part in parts_of(config.get(name) or {}):
            pipeline = part.get('pipeline') or ()
            crops = [step for step in pipeline if step.get('type') == 'TopdownAffine']
            given = _shown(crops[-1].get('input_size')) if crops else wanted
            if wanted and given != wanted:
                raise UserError(
                    f'{name}: TopdownAffine.input_size is {given or "missing"} and '
                    f'model.head.decoder.input_size {wanted}: say the size once, with '
                    '--cfg-options input_size=…'
                )


def _shown(size: Any) -> Any:
    """A size as it is compared and named; what is no pair of numbers stays as it is."""
    return tuple(size) if isinstance(size, (list, tuple)) else size
