"""One line sets the size of crops, targets, decoder and kept pictures alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config

import fanet_mmpose.plugin  # noqa: F401
from fanet_mmpose.engine.configs import load_config, merge_options
from fanet_mmpose.engine.input_size import as_size, check_crops, parts_of, resize
from fanet_mmpose.engine.launch import train
from fanet_mmpose.engine.options import TrainOptions
from fanet_mmpose.errors import UserError
from fanet_mmpose.synthetic.write_set import write_set

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')
DELTA = """
_base_ = ['{base}']
import importlib
importlib.import_module('fanet_mmpose.engine.input_size').resize(_base_, {size})
"""
SMALL = {
    'train_cfg': dict(_delete_=True, by_epoch=False, max_iters=2, val_interval=2),
    'train_dataloader.batch_size': 4,
    **{f'{name}.num_workers': 0 for name in LOADERS},
    **{f'{name}.persistent_workers': False for name in LOADERS[:2]},
}


def sizes(cfg: Config) -> set[tuple[int, int]]:
    """Every size that some part of a config states."""
    return {tuple(part['input_size']) for part in parts_of(cfg) if 'input_size' in part}


def delta(folder: Path, size: object, base: str = 'fanet_lite_wflw.py') -> Path:
    path = folder / 'mine.py'
    path.write_text(DELTA.format(base=CONFIGS / base, size=size))
    return path


@pytest.mark.parametrize('base', ['fanet_lite_wflw.py', 'semi/fanet_semi_300w_50.py'])
def test_a_line_of_a_config_reaches_every_part(tmp_path: Path, base: str) -> None:
    cfg = Config.fromfile(delta(tmp_path, '(96, 160)', base))  # as MMPose's own programs read it
    assert sizes(cfg) == {(96, 160)}
    kept = {part['size'] for part in parts_of(cfg) if part.get('type') == 'LoadFaceCrop'}
    assert kept == {320}  # twice the longer side


def test_an_heir_of_an_heir_goes_on_from_the_new_size(tmp_path: Path) -> None:
    first = delta(tmp_path, 256)
    second = tmp_path / 'second.py'
    second.write_text(DELTA.format(base=first, size=64))
    cfg = Config.fromfile(second)
    assert sizes(cfg) == {(64, 64)}
    assert cfg.before_crop[0].size == 128


@pytest.mark.parametrize('value', [192, [192, 192]])
def test_an_option_of_the_command_line_says_the_same(value: object, tmp_path: Path) -> None:
    cfg = load_config(CONFIGS / 'fanet_lite_300w.py')
    merge_options(cfg, {'input_size': value})
    assert sizes(cfg) == {(192, 192)}
    assert cfg.model == Config.fromfile(delta(tmp_path, 192, 'fanet_lite_300w.py')).model


def test_trains_and_validates_at_another_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_set(Path('data/300w'), '300w68', num=20, image_size=96)
    options = TrainOptions(work_dir='out', cfg_options={**SMALL, 'input_size': 64})
    runner = train(CONFIGS / 'fanet_lite_300w.py', options)
    assert runner.iter == 2
    assert runner.model.head.decoder.map_size == (16, 16)
    batch = next(iter(runner.train_dataloader))
    assert batch['inputs'][0].shape == (3, 64, 64)
    assert runner.message_hub.get_scalar('val/NME').current() > 0
    assert sizes(Config.fromfile('out/fanet_lite_300w.py')) == {(64, 64)}  # for those who test it


@pytest.mark.parametrize('value', [0, 100, 128.0, '128', True, [128], [128, 100], [64, 64, 64]])
def test_a_size_that_does_not_fit_is_named(value: object) -> None:
    with pytest.raises(UserError, match='input_size is .*multiple of 32'):
        as_size(value)


def test_another_codec_is_refused() -> None:
    with pytest.raises(UserError, match='no LocalCoordinateLabel'):
        resize(dict(model=dict(head=dict(decoder=dict(type='MSRAHeatmap')))), 128)


def test_a_bare_number_in_a_config_is_refused_with_the_line_to_write(tmp_path: Path) -> None:
    path = tmp_path / 'bare.py'
    path.write_text(f"_base_ = ['{CONFIGS / 'fanet_lite_300w.py'}']\ninput_size = (256, 256)\n")
    with pytest.raises(UserError, match=r'bare.py: input_size .*resize\(_base_, \(256, 256\)\)'):
        load_config(path)


def test_crops_and_decoder_of_two_sizes_are_refused() -> None:
    cfg = load_config(CONFIGS / 'fanet_lite_aflw.py')
    check_crops(cfg, LOADERS)
    cfg.merge_from_dict({'model.head.decoder.input_size': (256, 256)})
    with pytest.raises(UserError, match=r'val_dataloader: .*\(128, 128\).*\(256, 256\)'):
        check_crops(cfg, ('val_dataloader',))


@pytest.mark.parametrize('size', [None, 128, '128'])
def test_a_crop_without_a_proper_size_is_refused(size: object) -> None:
    decoder = dict(type='LocalCoordinateLabel', input_size=[128, 128])
    step = dict(type='TopdownAffine', **({} if size is None else {'input_size': size}))
    cfg = dict(
        model=dict(type='TopdownPoseEstimator', head=dict(decoder=decoder)),
        train_dataloader=dict(dataset=dict(pipeline=[step])),
    )
    with pytest.raises(UserError, match=r'train_dataloader: TopdownAffine.input_size is \w+ and'):
        check_crops(cfg, LOADERS)
