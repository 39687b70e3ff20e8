"""Parts of a config that must fit: codecs, cached faces and their loader, metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmpose.registry import KEYPOINT_CODECS

from fanet_mmpose.engine.input_size import parts_of
from fanet_mmpose.errors import UserError

# What says how pixels become targets; a codec has some of them.
FIELDS = ('input_size', 'stride', 'heatmap_size', 'simcc_split_ratio')

DATASET, PREPROCESSOR, COLLATE = 'CachedFaces', 'CachedFacesPreprocessor', 'collate_cached'

# MMPose's `NME` and ours both report "NME", so that the recipes of both read alike.
SAME_NAMES = {'FaceLandmarkMetric': 'NME'}


def layout_of(codec: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `FIELDS` that a codec has, defaults included."""
    built = KEYPOINT_CODECS.build(dict(codec))
    found = {name: getattr(built, name) for name in FIELDS if hasattr(built, name)}
    return {k: tuple(v) if isinstance(v, Sequence) else v for k, v in found.items()}


def check_encoders(config: Mapping[str, Any], loaders: Sequence[str]) -> None:
    """Compare each encoder of the loaders, and of the preprocessor, with `model.head.decoder`.

    Raises `UserError` naming the first field that differs. Codecs of another type, and lists of
    several, are left to the heads that ask for them.
    """
    decoder = (config['model'].get('head') or {}).get('decoder')
    if not isinstance(decoder, Mapping):
        return
    drawn = {name: config.get(name) for name in loaders}
    drawn['model.data_preprocessor'] = config['model'].get('data_preprocessor')
    for name, settings in drawn.items():
        for part in parts_of(settings or {}):
            encoder = part.get('encoder')
            if not isinstance(encoder, Mapping) or encoder.get('type') != decoder.get('type'):
                continue
            wanted, found = layout_of(decoder), layout_of(encoder)
            for field in wanted:
                if found[field] != wanted[field]:
                    raise UserError(
                        f'{name}: the encoder of {part["type"]} has {field}={found[field]} and '
                        f'model.head.decoder {field}={wanted[field]}: give both the same codec'
                    )


def check_codec_name(config: Mapping[str, Any]) -> None:
    """Raise `UserError` where the name `codec` says another layout than the head's decoder.

    A config copies the codec into its parts when it is read. An option such as
    `codec.stride=8` changes the name alone, and a training would go on as before.
    """
    codec, decoder = config.get('codec'), (config['model'].get('head') or {}).get('decoder')
    if not isinstance(codec, Mapping) or not isinstance(decoder, Mapping):
        return
    if codec.get('type') != decoder.get('type'):
        return
    for field in FIELDS:
        said, used = (_comparable(part.get(field)) for part in (codec, decoder))
        if field in codec and field in decoder and said != used:
            raise UserError(
                f'codec.{field}={said}: the parts of the config have copied the codec already '
                f'(model.head.decoder has {field}={used}): change codec in the file of the config, '
                'or use --cfg-options input_size=… for another size'
            )


def _comparable(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def check_cached(config: Mapping[str, Any]) -> None:
    """Raise `UserError` for training data of `CachedFaces` that nothing would augment or encode."""
    loader = config.get('train_dataloader') or {}
    if (loader.get('dataset') or {}).get('type') != DATASET:
        return
    for field, part, wanted in (
        ('model.data_preprocessor', config['model'].get('data_preprocessor'), PREPROCESSOR),
        ('train_dataloader.collate_fn', loader.get('collate_fn'), COLLATE),
    ):
        found = (part or {}).get('type')
        if found != wanted:
            raise UserError(
                f'train_dataloader.dataset is {DATASET} and {field}.type {found}: make it {wanted} '
                '(configs/fanet_lite_300w_cached.py)'
            )


def check_metric_names(config: Mapping[str, Any], evaluators: Sequence[str]) -> None:
    """Raise `UserError` where two metrics of an evaluator report the same name.

    MMEngine finds out after the first validation and throws its results away.
    """
    for name in evaluators:
        metrics = config.get(name) or []
        seen: dict[tuple, str] = {}
        for metric in metrics if isinstance(metrics, (list, tuple)) else [metrics]:
            kind = metric.get('type') if isinstance(metric, Mapping) else None
            kind = getattr(kind, '__name__', kind)
            if kind is None or kind == 'DumpResults':
                continue
            key = (SAME_NAMES.get(kind, kind), metric.get('prefix') or '')
            if key in seen:
                raise UserError(
                    f'{name}: {seen[key]} and {kind} would both report {key[0]}: give one a name '
                    "of its own, as in dict(type='NME', prefix='mmpose', …)"
                )
            seen[key] = kind
