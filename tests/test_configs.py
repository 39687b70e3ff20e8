"""Every recipe builds, agrees with its faces, and trains."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.config import Config  # noqa: E402
from mmpose.datasets.datasets.utils import parse_pose_metainfo  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402
from mmpose.registry import DATASETS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from fanet_mmpose.geometry.schemas import find_schema  # noqa: E402
from fanet_mmpose.synthetic.write_set import write_set  # noqa: E402

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
OTHERS = {'_base_', 'detectors', 'arena', 'ablation'}  # tested elsewhere
RECIPES = sorted(path.relative_to(CONFIGS).as_posix() for path in CONFIGS.glob('**/[!_]*.py'))
RECIPES = [name for name in RECIPES if not OTHERS & {*Path(name).parts}]
NUM_POINTS = ('num_keypoints', 'out_channels', 'num_joints')  # what heads call it
ON_DISK = {'wflw': 'wflw98', 'cofw': 'cofw29', 'aflw': 'aflw19', '300w': '300w68'}


def test_bases_stand_before_imports() -> None:
    """mmengine 0.10.7 takes a file that begins with an import for its other kind of config."""
    for path in [*CONFIGS.rglob('*.py'), *CONFIGS.parent.glob('projects/*/configs/**/*.py')]:
        lines = path.read_text().splitlines()
        imports = [i for i, line in enumerate(lines) if line.startswith(('import ', 'from '))]
        bases = [i for i, line in enumerate(lines) if line.startswith('_base_ =')]
        assert not imports or (bases and bases[0] < imports[0]), path


pytestmark = pytest.mark.usefixtures('mmpose_scope')


def num_points(dataset: dict) -> int:
    """Points of a (wrapped) dataset, from its metainfo alone."""
    if dataset['type'] in ('HoldOutDataset', 'FewLabelsDataset', 'CachedFaces'):
        return num_points(dataset['dataset'])
    if dataset['type'] == 'ConcatDataset':
        return num_points(dataset['datasets'][0])
    if dataset['type'] == 'SyntheticFaceDataset':
        return DATASETS.build(dict(dataset, pipeline=[], num_samples=1)).metainfo['num_keypoints']
    if dataset['type'] == 'UnlabelledFaceDataset':
        return DATASETS.build(dict(dataset, lazy_init=True)).metainfo['num_keypoints']
    if dataset['type'] in ('CustomFaceDataset', 'PartlyLabelledDataset'):
        return find_schema(CONFIGS.parent / dataset['schema']).num_points
    if dataset['type'] == 'PointSetsDataset':
        return sum(find_schema(name).num_points for name in dataset['sets'])
    metainfo = dataset.get('metainfo') or DATASETS.get(dataset['type']).METAINFO
    return parse_pose_metainfo(dict(metainfo))['num_keypoints']


@pytest.mark.parametrize('name', ['fanet_lite', 'fanet_300w', 'fanet_300w_192'])
def test_recipes_with_turned_faces_add_one_set(name: str) -> None:
    before, after = (Config.fromfile(CONFIGS / f'{name}_{last}.py') for last in ('wild', 'turned'))
    sets = [cfg.train_dataloader.dataset.datasets for cfg in (before, after)]
    assert sets[1][:-1] == sets[0] and sets[1][-1].data_root == 'data/turned/'
    assert sets[1][-1].occlusion  # hidden points have a flag of their own
    assert after.load_from.startswith(f'work_dirs/{name}_wild/')


@pytest.mark.parametrize('name', RECIPES)
def test_recipe_builds_and_fits_its_faces(name: str) -> None:
    cfg = Config.fromfile(CONFIGS / name)
    model = build_pose_estimator(cfg.model).eval()
    points = num_points(cfg.train_dataloader.dataset)
    heads = cfg.model.head.get('heads', dict(only=cfg.model.head))
    of_heads = {key: next(h[name] for name in NUM_POINTS if name in h) for key, h in heads.items()}
    assert points == sum(of_heads.values())
    points = of_heads[cfg.model.head.get('used', 'only')]
    width, height = cfg.model.head.decoder.input_size
    with torch.no_grad():
        found = model(torch.zeros(1, 3, height, width), None, mode='tensor')
    found = getattr(found, 'score_map', found)
    for output in found if isinstance(found, tuple) else [found]:  # SimCC gives one for each axis
        assert output.shape[:2] == (1, points)
        if output.ndim == 4:  # a map
            stride = cfg.codec.stride
            assert output.shape[2:] == (height // stride, width // stride)
    if 'lite' in name:
        assert sum(p.numel() for p in model.parameters()) <= 2e6


@pytest.mark.parametrize('faces', ON_DISK)
def test_recipe_trains_on_files_as_they_are_distributed(
    faces: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_set(Path('data') / faces, ON_DISK[faces], num=40, image_size=96)
    small = {
        'train_cfg.max_epochs': 1,
        'train_cfg.val_interval': 1,
        'train_dataloader.batch_size': 16,
        'train_dataloader.num_workers': 0,
        'train_dataloader.persistent_workers': False,
        'val_dataloader.num_workers': 0,
        'val_dataloader.persistent_workers': False,
    }
    options = TrainOptions(work_dir='out', cfg_options=small)
    runner = train(CONFIGS / f'fanet_lite_{faces}.py', options)
    assert runner.epoch == 1
    # Two iterations teach nothing; that faces were scored is what is asked.
    assert 0 < runner.message_hub.get_scalar('val/NME').current() < math.inf
    losses = {name for name in runner.message_hub.log_scalars if name.startswith('train/loss_')}
    assert ('train/loss_visibility' in losses) == (faces == 'cofw')
