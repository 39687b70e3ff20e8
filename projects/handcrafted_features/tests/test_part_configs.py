"""Every extractor and regressor takes a training step in the precision that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.config import Config  # noqa: E402
from mmengine.dataset import pseudo_collate  # noqa: E402
from mmengine.optim import build_optim_wrapper  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402
from mmpose.registry import DATASETS  # noqa: E402

import fanet_mmpose.plugin  # noqa: E402, F401
from fanet_mmpose.engine import mixed_precision  # noqa: E402
from fanet_mmpose.synthetic.write_set import write_set  # noqa: E402

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
PARTS = [
    path for name in ('extractors', 'regressors') for path in sorted((CONFIGS / name).glob('*.py'))
]


@pytest.fixture(scope='module')
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with drawn faces where 300W's would be."""
    folder = tmp_path_factory.mktemp('parts')
    write_set(folder / 'data/300w', '300w68', num=12, image_size=96)
    return folder


@pytest.fixture(autouse=True)
def scope(faces: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In that folder, with bfloat16 also where it is slow."""
    monkeypatch.chdir(faces)
    monkeypatch.setattr(mixed_precision, 'has_fast_bfloat16', lambda: True)
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield


@pytest.mark.parametrize('path', PARTS, ids=lambda path: f'{path.parent.name}/{path.stem}')
def test_a_training_step_reaches_the_head(path: Path) -> None:
    torch.manual_seed(0)
    cfg = Config.fromfile(path)
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    model = build_pose_estimator(cfg.model).train()
    before = {name: value.clone() for name, value in model.named_parameters()}
    optimizer = build_optim_wrapper(model, cfg.optim_wrapper)
    losses = model.train_step(pseudo_collate([dataset[i] for i in range(4)]), optimizer)
    assert all(torch.isfinite(value).all() for value in losses.values())
    moved = {
        name.split('.')[0] for name, p in model.named_parameters() if (p != before[name]).any()
    }
    # Features that nobody trains have nothing that could move.
    assert moved == {name.split('.')[0] for name in before} >= {'head'}
