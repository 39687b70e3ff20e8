"""Every network that is compared learns from a batch and predicts points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.dataset import Compose, pseudo_collate  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402

from projects.arena.entry import Entry, find_configs  # noqa: E402

CONFIGS = find_configs(Path(__file__).resolve().parents[1] / 'configs')


pytestmark = pytest.mark.usefixtures('mmpose_scope')


def face(size: int, seed: int) -> dict:
    """What a pipeline has after `TopdownAffine`."""
    rng = np.random.default_rng(seed)
    seen = np.ones((1, 68), np.float32)
    points = rng.uniform(20, size - 20, (1, 68, 2)).astype(np.float32)
    return dict(
        img=rng.integers(0, 255, (size, size, 3), np.uint8),
        transformed_keypoints=points,
        keypoints=points,
        keypoints_visible=seen,
        dataset_keypoint_weights=np.ones(68, np.float32),
        flip_indices=list(range(68)),
        input_size=(size, size),
        input_center=np.full(2, size / 2),
        input_scale=np.full(2, float(size)),
        bbox=np.array([[0, 0, size, size]], np.float32),
        bbox_score=np.ones(1, np.float32),
    )


@pytest.mark.parametrize('config', CONFIGS, ids=lambda path: f'{path.parent.name}/{path.stem}')
def test_learns_and_predicts(config: Path) -> None:
    cfg = Entry(config).load()
    torch.manual_seed(0)
    model = build_pose_estimator(cfg.model)
    target = Compose(cfg.train_dataloader.dataset.pipeline[-2:])
    faces = [target(face(cfg.size, seed)) for seed in range(2)]
    batch = model.data_preprocessor(pseudo_collate(faces), training=True)
    losses, _ = model.parse_losses(model(**batch, mode='loss'))
    losses.backward()
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    assert torch.isfinite(losses) and any(g.abs().sum() > 0 for g in gradients)
    with torch.no_grad():
        found = model.eval()(**batch, mode='predict')
    assert np.isfinite(found[0].pred_instances.keypoints).all()
    assert found[0].pred_instances.keypoints.shape == (1, 68, 2)
