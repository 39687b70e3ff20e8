"""PointSetsHead: each head learns from its own points alone, and can be cut out."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from test_models.test_local_coordinate_head import (  # noqa: E402
    ATTENTION,
    DECODER,
    build,
    feature_map,
    samples,
)

from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.models.point_sets_head import PointSetsHead  # noqa: E402


def part(num_keypoints: int) -> dict:
    return dict(
        type='LocalCoordinateHead',
        in_channels=8,
        num_keypoints=num_keypoints,
        attention=dict(ATTENTION),
    )


def two_heads(used: str = 'a') -> PointSetsHead:
    torch.manual_seed(0)
    return PointSetsHead(dict(a=part(5), b=part(3)), DECODER, used)


def labelled(first: float, second: float) -> list:
    """Faces of eight points: weights of the first five, of the last three."""
    faces = samples(num_keypoints=8)
    for face in faces:
        weights = face.gt_instance_labels['keypoint_weights']
        weights[:, :5] *= first
        weights[:, 5:] *= second
    return faces


def test_a_set_without_labels_teaches_its_head_nothing() -> None:
    head = two_heads()
    losses = head.loss(feature_map(), labelled(1, 0))
    assert {'loss_score_a', 'loss_score_b', 'loss_refined_a', 'loss_scale_b'} <= set(losses)
    sum(losses.values()).backward()
    assert head.heads['a'].score.weight.grad.any()
    grads = [p.grad for p in head.heads['b'].parameters() if p.grad is not None]
    assert not any(grad.any() for grad in grads)


def test_losses_are_those_of_the_heads_alone() -> None:
    head, faces = two_heads(), labelled(1, 1)
    both = head.loss(feature_map(), faces)
    for face in faces:  # the first five points alone
        labels = face.gt_instance_labels
        face.gt_instance_labels = type(labels)(**{k: v[:, :5] for k, v in labels.items()})
    alone = head.heads['a'].loss(feature_map(), faces)
    for name, value in alone.items():
        torch.testing.assert_close(both[f'{name}_a'], value)


def test_the_used_head_predicts_and_fits_a_head_of_its_own() -> None:
    head = two_heads('b')
    found = head.predict(feature_map(), samples())
    assert found[0].keypoints.shape == (1, 3, 2)
    alone = build(3)
    alone.load_state_dict(head.heads['b'].state_dict())
    torch.testing.assert_close(alone(feature_map()).refined, head(feature_map()).refined)


def test_unknown_set_is_refused() -> None:
    with pytest.raises(UserError, match="head.used='c' is none of the heads: a, b"):
        two_heads('c')
