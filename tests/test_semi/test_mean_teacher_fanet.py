"""The student learns from labels and from its teacher; the teacher learns nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from fanet_mmpose.errors import UserError

PSEUDO = {'loss_score_pseudo', 'loss_coarse_pseudo', 'loss_refined_pseudo'}


def with_teacher(student, teacher):
    student.set_teacher(teacher)
    return student.train()


def total(losses: dict) -> torch.Tensor:
    return sum(value for name, value in losses.items() if 'loss' in name)


def test_checkpoints_are_those_of_a_plain_network(network: Callable, plain_network) -> None:
    student = with_teacher(network(), network(1))
    assert student.state_dict().keys() == plain_network.state_dict().keys()


def test_the_teacher_gets_no_gradient_and_does_not_move(network: Callable, batch) -> None:
    teacher = network(1)
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    student = with_teacher(network(), teacher)
    total(student.loss(*batch)).backward()
    assert all(p.grad is None for p in teacher.parameters())
    assert all(torch.equal(before[name], value) for name, value in teacher.state_dict().items())
    assert all(p.grad is not None for p in student.backbone.parameters())


def test_labels_of_unlabelled_faces_are_never_read(network: Callable, batch) -> None:
    inputs, samples = batch
    student = with_teacher(network(), network(1))
    first = student.loss(inputs, samples)
    assert first.keys() >= PSEUDO
    for sample in (samples[1], samples[3]):
        labels = sample.gt_instance_labels
        labels.keypoint_cells = labels.keypoint_cells * 0 + 5
        labels.keypoint_weights = torch.ones_like(labels.keypoint_weights)
    second = student.loss(inputs, samples)
    for name, value in first.items():
        assert torch.equal(value, second[name]), name


def test_labels_of_labelled_faces_are_read(network: Callable, batch) -> None:
    inputs, samples = batch
    student = with_teacher(network(), network(1))
    first = student.loss(inputs, samples)
    labels = samples[0].gt_instance_labels
    labels.keypoint_cells = (labels.keypoint_cells + 5) % 16
    second = student.loss(inputs, samples)
    assert first['loss_refined'] != second['loss_refined']
    assert torch.equal(first['loss_refined_pseudo'], second['loss_refined_pseudo'])


def test_no_confidence_is_no_loss_with_a_path_for_gradients(network: Callable, batch) -> None:
    student = with_teacher(network(min_score=0.999999), network(1))
    losses = student.loss(*batch)
    assert losses['confidence'] == 0
    pseudo = sum(losses[name] for name in PSEUDO)
    assert pseudo == 0
    pseudo.backward()
    assert all(p.grad.abs().max() == 0 for p in student.head.score.parameters())


def test_without_weight_unlabelled_faces_are_left_out(network: Callable, batch) -> None:
    inputs, samples = batch
    student = network(unlabelled_weight=0.0).train()
    losses = student.loss(inputs, samples)
    assert not PSEUDO & losses.keys()
    alone = network().train().loss(inputs[[0, 2]], [samples[0], samples[2]])
    torch.testing.assert_close(total(losses), total(alone))


def test_the_ramp_scales_the_losses_on_pseudo_labels(network: Callable, batch) -> None:
    student = with_teacher(network(), network(1)).eval()  # the norms' statistics stay
    full = student.loss(*batch)
    student.ramp = 0.25
    part = student.loss(*batch)
    for name in PSEUDO:
        torch.testing.assert_close(part[name], full[name] / 4)


def test_style_reaches_labelled_faces_only(network: Callable, batch) -> None:
    inputs, samples = batch
    seen = []
    student = network(style=dict(type='RandomStyle', prob=1.0), unlabelled_weight=1.0)
    student.set_teacher(network(1))
    student.train()
    student.backbone.register_forward_pre_hook(lambda module, given: seen.append(given[0].clone()))
    before = inputs.clone()
    student.loss(inputs, samples)
    assert torch.equal(inputs, before)
    assert torch.equal(seen[0][[1, 3]], inputs[[1, 3]])
    assert not torch.equal(seen[0][[0, 2]], inputs[[0, 2]])


def test_bad_settings_are_named(network: Callable, batch) -> None:
    with pytest.raises(UserError, match='no teacher'):
        network().loss(*batch)
    with pytest.raises(UserError, match='min_score'):
        network(min_score=1.0)
