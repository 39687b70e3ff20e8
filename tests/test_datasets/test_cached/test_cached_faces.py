"""Cached faces in MMEngine's loop, taken by config; what does not fit is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

pytest.importorskip('mmpose')
from helpers.gloo_job import run_ranks, train_ranks  # noqa: E402
from helpers.killed_training import differences  # noqa: E402
from helpers.tiny_faces import write_split  # noqa: E402
from helpers.tiny_training import REPO  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.registry import DATASETS, MODELS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.datasets.cached.cached_faces import collate_cached  # noqa: E402
from fanet_mmpose.engine.configs import load_config  # noqa: E402
from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from fanet_mmpose.engine.seeded_draws import seed_all  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402

CONFIG = """
_base_ = ['{repo}/configs/fanet_lite_300w_cached.py']
codec = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
faces = dict(data_root='{folder}/', data_prefix=dict(img='images/'))
val_pipeline = [
    dict(type='LoadFaceImage'), dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=(64, 64)), dict(type='PackPoseInputs')]
train_dataloader = dict(batch_size=4, dataset=dict(dataset=faces))
val_dataloader = dict(
    num_workers=0, persistent_workers=False,
    dataset=dict(**faces, ann_file='annotations/train.json', pipeline=val_pipeline))
val_evaluator = dict(ann_file='{folder}/annotations/train.json')
train_cfg = dict(max_epochs=2, val_interval=2)
model = dict(
    data_preprocessor=dict(encoder=codec, augment=[
        *_base_.move_box[1:], dict(type='YOLOXHSVRandomAug'),
        dict(type='RandomDegradation', prob=0.5), dict(type='RandomOcclusion', prob=0.5)]),
    backbone=dict(stem_channels=8, base_channels=8),
    neck=dict(in_channels=(8, 16, 32, 64), out_channels=16),
    head=dict(in_channels=16, attention=dict(embed_dims=16), decoder=codec))
randomness = dict(seed=3)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_split(tmp_path, 'train', 8)
    path = tmp_path / 'cached.py'
    path.write_text(CONFIG.format(repo=REPO, folder=tmp_path))
    return path


def build(config: Path) -> tuple:
    cfg = load_config(config)
    with DefaultScope.overwrite_default_scope('mmpose'):
        faces = DATASETS.build(cfg.train_dataloader.dataset)
        return faces, MODELS.build(cfg.model.data_preprocessor)


def test_a_batch_follows_from_its_seeds(config: Path) -> None:
    faces, preprocessor = build(config)

    def batch(*numbers: int) -> dict:
        samples = []
        for number in numbers:
            seed_all(7, number)
            samples.append(faces[number])
        return preprocessor(collate_cached(samples), training=True)

    one, again, other = batch(0, 1, 2), batch(0, 1, 2), batch(2, 5)
    assert one['inputs'].shape == (3, 3, 64, 64)
    assert torch.equal(one['inputs'], again['inputs'])
    torch.testing.assert_close(one['inputs'][2], other['inputs'][0])  # whatever lies beside it
    labels = one['data_samples'][0].gt_instance_labels
    assert labels.keypoint_cells.shape == (3, 68, 2)
    assert labels.keypoint_weights.shape == (3, 68)
    assert float(labels.keypoint_weights.sum()) > 0
    assert abs(float(one['inputs'].mean())) < 3  # normalised


def test_it_trains_and_what_it_reads_is_shared(config: Path, tmp_path: Path) -> None:
    weights = []
    for workers in (0, 1):
        options = {'train_dataloader.num_workers': workers}
        work_dir = tmp_path / f'out_{workers}'
        runner = train(config, TrainOptions(work_dir=str(work_dir), cfg_options=options))
        assert runner.epoch == 2
        assert runner.train_dataloader.dataset.faces.images.is_shared()
        weights.append(runner.model.state_dict())
    assert not differences(*weights)
    assert runner.message_hub.get_scalar('val/NME').current() > 0


def losses(work_dir: Path) -> list[float]:
    record = next(work_dir.glob('*/vis_data/scalars.json')).read_text().splitlines()
    return [row['loss'] for row in map(json.loads, record) if 'loss' in row]


def test_two_processes_train_as_one(config: Path, tmp_path: Path) -> None:
    """One process without a launcher: with one its model is wrapped, and has the same faults."""
    options = {
        'train_dataloader.batch_size': 4, 'train_cfg.max_epochs': 1,
        'default_hooks.logger.interval': 1, 'optim_wrapper.type': 'OptimWrapper',
        # AdamW's first steps follow the signs of gradients, and blow rounding up.
        'optim_wrapper.optimizer.type': 'SGD', 'optim_wrapper.optimizer.lr': 1.0,
    }  # fmt: skip
    one, two = tmp_path / 'of_1', tmp_path / 'of_2'
    # What draws its log may be an earlier training's in this process: MMEngine keeps one by name.
    alone = train(config, TrainOptions(work_dir=str(one), cfg_options=options))
    first, second = alone.message_hub.get_scalar('train/loss').data[0].tolist()
    run_ranks(2, two, train_ranks, config, two, {**options, 'train_dataloader.batch_size': 2})
    # The log has the mean of what it has seen.
    assert losses(two) == pytest.approx([first, (first + second) / 2], rel=1e-5)


def test_what_does_not_fit_is_named(config: Path, tmp_path: Path) -> None:
    def refused(more: str) -> str:
        other = tmp_path / 'other.py'
        other.write_text(config.read_text() + more)
        with pytest.raises(UserError) as caught:
            train(other, TrainOptions(work_dir=str(tmp_path / 'out')))
        return str(caught.value)

    plain = "model['data_preprocessor'] = dict(_delete_=True, type='PoseDataPreprocessor')\n"
    assert 'make it CachedFacesPreprocessor' in refused(plain)
    other = "model['data_preprocessor']['augment'] = [dict(type='Albumentation')]\n"
    assert 'Albumentation is none of RandomFlip' in refused(other)
    stride = "model['data_preprocessor']['encoder'] = dict(codec, stride=8)\n"
    assert 'stride=8' in refused(stride)
    small = "train_dataloader['dataset']['max_mb'] = 0\n"
    assert 'raise max_mb=0' in refused(small)
    bare = "train_dataloader['dataset']['dataset']['pipeline'] = [dict(type='LoadFaceCrop')]\n"
    assert 'has no GetBBoxCenterScale' in refused(bare)
