"""What is learned from is a known warp of one set of points, and never a label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from helpers.tiny_discovery import write_discovery  # noqa: E402
from mmengine.logging import MessageHub  # noqa: E402
from mmengine.registry import DefaultScope  # noqa: E402
from mmengine.structures import InstanceData  # noqa: E402
from mmpose.models import build_pose_estimator  # noqa: E402
from mmpose.structures import PoseDataSample  # noqa: E402

from fanet_mmpose.engine.configs import load_config  # noqa: E402
from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from projects.discovery import self_supervised_fanet as module  # noqa: E402
from projects.discovery.template import swap_sides  # noqa: E402
from projects.discovery.warps import to_source  # noqa: E402

TERMS = dict(
    separation=dict(type='SeparationLoss'),
    concentration=dict(type='ConcentrationLoss'),
    equivariance=dict(type='EquivarianceLoss'),
    reconstruction=dict(type='ReconstructionLoss', num_keypoints=30, channels=8),
)


def build(config: Path, **changes: object) -> torch.nn.Module:
    cfg = load_config(config)
    cfg.model.update(changes)
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope('mmpose'):
        return build_pose_estimator(cfg.model)


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch):
    """Set how much of the training is done."""

    def set_share(done: float) -> None:
        hub = MessageHub.get_current_instance()
        hub.update_info('iter', int(100 * done))
        hub.update_info('max_iters', 100)

    yield set_share
    set_share(0)


def spy(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Record the targets that the head is given and the warps that made them."""
    seen: dict = {}
    supervise, views = module.supervise, module.SelfSupervisedFANet._views

    def keep(head, found, target, weights):
        seen.update(found=found, target=target, weights=weights)
        return supervise(head, found, target, weights)

    def keep_views(self, *arguments):
        image, warp = views(self, *arguments)
        seen['warp'] = warp  # the last one is the student's
        return image, warp

    monkeypatch.setattr(module, 'supervise', keep)
    monkeypatch.setattr(module.SelfSupervisedFANet, '_views', keep_views)
    return seen


def test_at_first_the_target_is_the_warped_grid(
    tiny_config: Path, progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, seen = build(tiny_config), spy(monkeypatch)
    progress(0.0)
    torch.manual_seed(1)
    losses = model.loss(torch.randn(6, 3, 96, 96))
    unit = 2 * (seen['target'] + 0.5) / 16 - 1
    source = swap_sides(to_source(seen['warp'], unit), seen['warp'].mirrored, model.order)
    assert (source - model.template).abs().max() < 1e-3
    assert seen['warp'].mirrored.any() and not seen['warp'].mirrored.all()
    assert all(loss.isfinite() for loss in losses.values())


def test_later_it_is_the_teachers_points_carried_by_the_warp(
    tiny_config: Path, progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, seen = build(tiny_config, teacher_warp=dict(rotate=0, scale=1, shift=0, bend=0,
                                                       mirror=0)), spy(monkeypatch)  # fmt: skip
    progress(1.0)
    inputs = torch.randn(4, 3, 96, 96)
    model.loss(inputs)
    expected = module.to_unit(model.teacher(inputs[..., 16:80, 16:80].contiguous()))
    unit = 2 * (seen['target'] + 0.5) / 16 - 1
    source = swap_sides(to_source(seen['warp'], unit), seen['warp'].mirrored, model.order)
    torch.testing.assert_close(source, expected, atol=1e-2, rtol=0)


def test_the_handover_is_gradual(tiny_config: Path, progress) -> None:
    model, shares = build(tiny_config, handover=(0.2, 0.6)), []
    for done in (0.0, 0.2, 0.4, 0.6, 1.0):
        progress(done)
        shares.append(model.teacher_share())
    assert shares == pytest.approx([0, 0, 0.5, 1, 1])


def test_points_outside_the_view_do_not_count(
    tiny_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, seen = build(tiny_config, warp=dict(shift=1.5)), spy(monkeypatch)
    model.loss(torch.randn(8, 3, 96, 96))
    inside = ((seen['target'] >= -0.5) & (seen['target'] <= 15.5)).all(-1)
    assert torch.equal(seen['weights'].bool(), inside) and not inside.all()


def test_every_term_trains_the_network(tiny_config: Path) -> None:
    model = build(tiny_config, terms=TERMS, self_training=0.0)
    losses = model.loss(torch.randn(4, 3, 96, 96))
    assert set(losses) == {f'loss_{name}' for name in TERMS}
    for loss in losses.values():
        model.zero_grad()
        loss.backward(retain_graph=True)
        assert model.head.score.weight.grad.abs().sum() > 0
    assert all(p.grad is None for p in model.teacher.parameters())


def test_discovered_points_are_where_prediction_finds_them(tiny_config: Path) -> None:
    model, inputs = build(tiny_config).eval(), torch.randn(2, 3, 96, 96)
    with torch.no_grad():
        found = model(inputs[..., 16:80, 16:80].contiguous(), None, mode='tensor')
    expected = found.refined * 4 + 1.5 + 16
    torch.testing.assert_close(model.discover(inputs), expected, atol=1e-2, rtol=0)


def test_a_flip_test_finds_the_same_in_the_mirror(tiny_config: Path) -> None:
    model, image = build(tiny_config).eval(), torch.randn(1, 3, 64, 64)
    frame = dict(input_size=(64, 64), input_center=np.full(2, 32.0), input_scale=np.full(2, 64.0))
    boxes = InstanceData(bboxes=np.zeros((1, 4)), bbox_scores=np.ones(1))
    samples = [PoseDataSample(metainfo=dict(frame, flip_indices=[0]), gt_instances=boxes)]
    with torch.no_grad():
        straight, mirrored = (
            model.predict(picture, samples)[0].pred_instances.keypoints.copy()
            for picture in (image, image.flip(-1))
        )
    # A picture and its mirror image have mirrored points, whatever the weights are.
    mirrored[..., 0] = 64 - 1 - mirrored[..., 0]
    np.testing.assert_allclose(straight, mirrored[:, model.order], atol=1e-3)


def test_another_number_of_points_and_small_inputs_are_refused(tiny_config: Path) -> None:
    with pytest.raises(UserError, match='30 points and model.head.num_keypoints is 7'):
        cfg = load_config(tiny_config)
        build(tiny_config, head=dict(cfg.model.head, num_keypoints=7))
    with pytest.raises(UserError, match='64 px wide.*need 96 px'):
        build(tiny_config).loss(torch.zeros(2, 3, 64, 64))


def weights_after_training(config: Path) -> dict:
    runner = train(config, TrainOptions(work_dir=str(config.parent / 'out')))
    assert runner.iter > 0
    return runner.model.state_dict()


def test_files_without_points_train_identically(tmp_path: Path) -> None:
    """The proof that no label is in the loop."""
    with_labels = weights_after_training(write_discovery(tmp_path / 'with'))
    without = weights_after_training(
        write_discovery(tmp_path / 'without', drop=('keypoints', 'num_keypoints'))
    )
    assert with_labels.keys() == without.keys()
    for name, value in with_labels.items():
        assert torch.equal(value, without[name]), name
