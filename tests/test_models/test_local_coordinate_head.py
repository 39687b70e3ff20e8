"""LocalCoordinateHead: trains end to end, predicts pixels, mirrors, ignores what is absent."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from mmengine.structures import InstanceData  # noqa: E402
from mmpose.structures import PoseDataSample  # noqa: E402

from fanet_mmpose.codecs.local_coordinate_label import LocalCoordinateLabel  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402
from fanet_mmpose.models.landmark_attention import LandmarkAttention  # noqa: E402, F401
from fanet_mmpose.models.local_coordinate_head import (  # noqa: E402
    LocalCoordinateHead,
    as_one_tensor,
    mirror,
)
from fanet_mmpose.models.losses import CoordinateLoss  # noqa: E402, F401

DECODER = dict(type='LocalCoordinateLabel', input_size=(64, 64), stride=4)
ATTENTION = dict(type='LandmarkAttention', embed_dims=16, num_heads=2, radius=1)
VISIBILITY = dict(type='BCELoss', use_target_weight=True)


def build(num_keypoints: int = 5, **kwargs: object) -> LocalCoordinateHead:
    torch.manual_seed(0)
    return LocalCoordinateHead(8, num_keypoints, ATTENTION, DECODER, **kwargs)


def samples(batch: int = 2, num_keypoints: int = 5, weight: float = 1.0) -> list[PoseDataSample]:
    codec = LocalCoordinateLabel((64, 64), 4)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(batch):
        points = rng.uniform(-4, 68, (1, num_keypoints, 2))
        seen = np.full((1, num_keypoints), weight)
        labels = InstanceData(**codec.encode(points, seen)).to_tensor()
        flips = list(range(num_keypoints))[::-1]
        sample = PoseDataSample(metainfo=dict(flip_indices=flips))
        sample.gt_instance_labels = labels
        found.append(sample)
    return found


def feature_map(batch: int = 2) -> tuple[torch.Tensor]:
    return (torch.randn(batch, 8, 16, 16, generator=torch.Generator().manual_seed(0)),)


def test_gradient_reaches_every_parameter_and_the_features() -> None:
    head = build(loss_visibility=VISIBILITY)
    torch.nn.init.normal_(head.refine.weight, std=0.1)  # it starts at zero, which blocks gradients
    feats = (feature_map()[0].requires_grad_(),)
    sum(head.loss(feats, samples()).values()).backward()
    assert [n for n, p in head.named_parameters() if p.grad is None or not p.grad.any()] == []
    assert feats[0].grad.any()


def test_training_finds_the_points_off_crop_ones_included() -> None:
    head = build()
    truth = samples()
    feats = (feature_map()[0].requires_grad_(),)
    optimizer = torch.optim.Adam([*head.parameters(), *feats], lr=0.05)
    for _ in range(80):
        losses = head.loss(feats, truth)
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
    assert losses['loss_refined'] < 0.2  # cells of 4 px
    assert losses['loss_refined'] < losses['loss_coarse']  # only refinement can leave the map


def test_zero_weights_give_zero_loss_and_no_gradient() -> None:
    head = build(loss_visibility=VISIBILITY)
    losses = head.loss(feature_map(), samples(weight=0.0))
    total = sum(losses.values())
    total.backward()
    assert total == 0
    assert not any(p.grad.any() for p in head.parameters() if p.grad is not None)


def test_visibility_is_trained_and_reported_only_when_asked() -> None:
    for loss, asked in ((None, False), (VISIBILITY, True)):
        head = build(loss_visibility=loss)
        assert ('loss_visibility' in head.loss(feature_map(), samples())) == asked
        assert ('keypoints_visible' in head.predict(feature_map(), samples())[0]) == asked


def test_predictions_are_pixels_scores_and_scales() -> None:
    head = build().eval()
    found = head.forward(feature_map())
    face = head.predict(feature_map(), samples())[1]
    pixels = found.refined[1].detach().numpy() * 4 + 1.5
    assert np.allclose(face.keypoints[0], pixels, atol=1e-4)
    assert face.keypoint_scores.shape == face.keypoint_scales.shape == (1, 5)
    assert ((face.keypoint_scores > 0) & (face.keypoint_scores < 1)).all()


def test_mirroring_twice_is_nothing() -> None:
    found = build().eval().forward(feature_map())
    flips = [4, 3, 2, 1, 0]
    for a, b in zip(found, mirror(mirror(found, flips), flips), strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_flip_test_of_a_symmetric_head_changes_nothing() -> None:
    """With mirrored features seen mirrored, both halves of the flip test agree."""
    head = build().eval()
    straight = head.forward(feature_map())
    back = mirror(mirror(straight, [4, 3, 2, 1, 0]), [4, 3, 2, 1, 0])
    with torch.no_grad():
        head.forward = lambda feats: (
            straight if feats is not None else mirror(back, [4, 3, 2, 1, 0])
        )
        both = head.predict([feature_map(), None], samples(), dict(flip_test=True))
        alone = head.predict(feature_map(), samples())
    assert np.allclose(both[0].keypoints, alone[0].keypoints, atol=1e-4)


@pytest.mark.parametrize('batch', [0, 1])
def test_batched_equals_single_and_empty_is_empty(batch: int) -> None:
    head = build().eval()
    (x,) = feature_map()
    with torch.no_grad():
        both = head.forward((x,)).refined[:batch]
        assert torch.allclose(head.forward((x[:batch],)).refined, both, atol=1e-5)


def test_a_map_of_another_stride_teaches_nothing() -> None:
    wide = (torch.zeros(2, 8, 32, 32),)
    with pytest.raises(UserError, match='32×32 cells'):
        build().loss(wide, samples())


@pytest.mark.parametrize('flip_test', [False, True])
def test_heatmaps_for_mmposes_demos(flip_test: bool) -> None:
    head, feats = build().eval(), feature_map()
    settings = dict(output_heatmaps=True, flip_test=flip_test)
    given = [feats, feats] if flip_test else feats
    faces, fields = head.predict(given, samples(), settings)
    assert np.array_equal(
        faces[1].keypoints, head.predict(given, samples(), dict(flip_test=flip_test))[1].keypoints
    )
    assert [field.heatmaps.shape for field in fields] == [(5, 16, 16)] * 2
    assert torch.allclose(fields[0].heatmaps.sum((1, 2)), torch.ones(5), atol=1e-5)
    if not flip_test:  # each map is brightest where its point is looked for
        found = head(feats)
        peaks = fields[1].heatmaps.flatten(1).argmax(-1)
        assert torch.equal(peaks, found.score_map[1].flatten(1).argmax(-1))


def test_a_program_that_runs_the_network_elsewhere_decodes_the_same() -> None:
    head = build(loss_visibility=VISIBILITY).eval()
    torch.nn.init.normal_(head.refine.weight, std=0.1)
    outputs = as_one_tensor(head(feature_map()))
    assert outputs.shape == (2, 5, 4)
    for ours, theirs in zip(
        head.predict(feature_map(), samples()), head.decode(outputs), strict=True
    ):
        for name in ('keypoints', 'keypoint_scores', 'keypoint_scales', 'keypoints_visible'):
            assert np.array_equal(ours[name], theirs[name])
