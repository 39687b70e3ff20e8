"""A collapse is found, named, and ends the training with a sentence."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('mmpose')
from helpers.tiny_discovery import write_discovery  # noqa: E402

from fanet_mmpose.engine.launch import train  # noqa: E402
from fanet_mmpose.engine.options import TrainOptions  # noqa: E402
from fanet_mmpose.errors import UserError, friendly_exit  # noqa: E402
from projects.discovery.collapse_hook import CollapseHook, find_collapse  # noqa: E402


def healthy(count: int = 8) -> torch.Tensor:
    torch.manual_seed(0)
    return (torch.rand(30, 2) - 0.5) + 0.1 * torch.randn(count, 1, 2)


def test_healthy_points_pass() -> None:
    assert find_collapse(healthy()) is None
    assert find_collapse(healthy(1)) is None


@pytest.mark.parametrize(
    ('points', 'said'),
    [
        (torch.zeros(8, 30, 2) + 0.2 * torch.randn(8, 1, 2), 'one place'),
        (healthy().sign(), 'border'),
        (healthy(1).repeat(8, 1, 1), 'whatever the picture shows'),
        (healthy() * torch.nan, 'not numbers'),
    ],
)
def test_each_way_is_named(points: torch.Tensor, said: str) -> None:
    assert said in (find_collapse(points) or '')


def look(hook: CollapseHook, iteration: int, points: torch.Tensor) -> None:
    model = SimpleNamespace(last_view=points)
    hook.after_train_iter(SimpleNamespace(iter=iteration - 1, model=model), iteration - 1)


def test_it_waits_for_the_start_and_for_its_patience() -> None:
    hook, collapsed = CollapseHook(interval=10, begin=20, patience=2), torch.zeros(8, 30, 2)
    look(hook, 10, collapsed)  # before the beginning
    look(hook, 20, collapsed)
    look(hook, 30, healthy())  # recovered
    look(hook, 40, collapsed)
    look(hook, 45, collapsed)  # not looked at
    with pytest.raises(UserError, match='collapsed by iteration 50: all lie in one place'):
        look(hook, 50, collapsed)


def test_a_training_ends_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    one_place = """
model.update(template=dict(columns=5, rows=6, area=(0.0, 0.0, 0.0)), handover=(1.0, 1.0))
optim_wrapper = dict(type='AutocastOptimWrapper', optimizer=dict(type='AdamW', lr=0.03))
train_cfg = dict(max_epochs=40)
custom_hooks = [dict(type='CollapseHook', interval=2, begin=2, patience=2)]
"""
    config = write_discovery(tmp_path, more=one_place)
    main = friendly_exit(lambda: train(config, TrainOptions(work_dir=str(tmp_path / 'out'))))
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith('error: the points have collapsed by iteration')
