"""LandmarkAttention: local, batch-independent, equivariant, any number of landmarks."""

from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from fanet_mmpose.models.landmark_attention import LandmarkAttention, NoAttention  # noqa: E402


def build(num_keypoints: int = 5, **kwargs: object) -> LandmarkAttention:
    torch.manual_seed(0)
    options = dict(embed_dims=16, radius=1, num_heads=2) | kwargs
    return LandmarkAttention(8, num_keypoints, evidence_dims=3, **options).eval()


def inputs(num_keypoints: int = 5, batch: int = 2) -> tuple[torch.Tensor, ...]:
    g = torch.Generator().manual_seed(1)
    centers = torch.rand(batch, num_keypoints, 2, generator=g) - 0.5
    evidence = torch.rand(batch, num_keypoints, 3, generator=g)
    return torch.randn(batch, 8, 12, 12, generator=g), centers, evidence


@pytest.mark.parametrize('num_keypoints', [1, 19, 29, 68, 98, 106])
def test_any_number_of_landmarks(num_keypoints: int) -> None:
    found = build(num_keypoints)(*inputs(num_keypoints))
    assert found.shape == (2, num_keypoints, 16)
    assert torch.isfinite(found).all()


def test_sees_its_window_and_nothing_else() -> None:
    attention = build(num_relations=0)
    feature_map, centers, evidence = inputs(batch=1)
    feature_map.requires_grad_()
    # One entry: their sum is constant after a norm.
    attention(feature_map, centers, evidence)[0, 2, 0].backward()
    seen = feature_map.grad.abs().sum((0, 1)).nonzero().flip(-1).float()
    center = ((centers[0, 2] + 1) * 12 - 1) / 2
    assert 0 < len(seen) <= 16  # 3×3 samples between cells touch 4×4
    assert (seen - center).abs().max() <= 2


def test_landmarks_inform_each_other_through_relations_only() -> None:
    feature_map, centers, evidence = inputs()
    moved = centers.clone()
    moved[:, 4] += 0.3
    for num_relations, informed in ((0, False), (1, True)):
        attention = build(num_relations=num_relations)
        with torch.no_grad():
            still = attention(feature_map, centers, evidence)
            change = (still - attention(feature_map, moved, evidence))[:, 0]
        assert (change.abs().max() > 1e-5) == informed


def test_the_evidence_counts() -> None:
    attention = build(num_relations=0)
    feature_map, centers, evidence = inputs()
    with torch.no_grad():
        change = attention(feature_map, centers, evidence) - attention(
            feature_map, centers, evidence.flip(-1)
        )
    assert (change.abs().amax(-1) > 1e-5).all()


def test_shift_by_whole_cells_leaves_the_look_unchanged() -> None:
    attention = build()
    feature_map, centers, evidence = inputs()
    shifted = feature_map.roll((2, -1), (2, 3))
    moved = centers * 0.5 + 2 * torch.tensor([-1.0, 2.0]) / 12
    with torch.no_grad():
        before = attention.attend(feature_map, centers * 0.5)
        assert torch.allclose(before, attention.attend(shifted, moved), atol=1e-5)


def test_permuting_landmarks_permutes_descriptors() -> None:
    attention = build()
    feature_map, centers, evidence = inputs()
    order = torch.tensor([3, 0, 4, 1, 2])
    with torch.no_grad():
        attention.query.normal_()
        before = attention(feature_map, centers, evidence)
        for parameter in (attention.query, attention.landmark_embed):
            parameter.copy_(parameter[order].clone())
        after = attention(feature_map, centers[:, order], evidence[:, order])
        assert torch.allclose(after, before[:, order], atol=1e-5)


def test_batched_equals_single_and_empty_is_empty() -> None:
    attention = build()
    feature_map, centers, evidence = inputs()
    with torch.no_grad():
        both = attention(feature_map, centers, evidence)
        first = attention(feature_map[:1], centers[:1], evidence[:1])
        assert torch.allclose(both[:1], first, atol=1e-5)
        assert attention(feature_map[:0], centers[:0], evidence[:0]).shape == (0, 5, 16)


def test_no_attention_sees_the_evidence_and_not_the_map() -> None:
    torch.manual_seed(0)
    attention = NoAttention(8, 5, evidence_dims=3, embed_dims=16)
    feature_map, centers, evidence = inputs()
    with torch.no_grad():
        found = attention(feature_map, centers, evidence)
        assert found.shape == (2, 5, 16)
        assert torch.equal(found, attention(feature_map * 2, centers, evidence))
        assert not torch.equal(found, attention(feature_map, centers, evidence.flip(-1)))
