"""Settings are checked by kind, and a slip is answered with the nearest name."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip('mmengine')
from fanet_mmpose.engine.config_fields import (  # noqa: E402
    check_kinds,
    check_loader,
    check_needed,
    nearest,
)
from fanet_mmpose.errors import UserError  # noqa: E402

FACES = dict(type='Face300WDataset', pipeline=[dict(type='LoadFaceImage')])


def whole(**changed: Any) -> dict[str, Any]:
    loader = dict(batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler'), dataset=FACES)
    config = dict(
        model=dict(type='A'),
        train_dataloader=loader,
        train_cfg=dict(max_epochs=1),
        optim_wrapper=dict(),
        val_cfg=None,
        val_dataloader=None,
        val_evaluator=None,
    )
    return {**config, **changed}  # fmt: skip


def test_the_nearest_name() -> None:
    assert nearest('ReNet', ['ResNet', 'HRNet']) == ' (did you mean ResNet?)'
    assert nearest('xyz', ['ResNet', 'HRNet']) == ''


def test_what_is_right_passes() -> None:
    check_needed(whole(), 'train', 'a.py')
    joined = dict(type='CombinedDataset', datasets=[FACES, dict(type='B', dataset=FACES)])
    check_loader('x', dict(dataset=joined, num_workers=2, persistent_workers=True))
    check_kinds(dict(param_scheduler=[], val_evaluator=dict(type='NME'), load_from=None), 'a.py')


@pytest.mark.parametrize(
    ('changed', 'said'),
    [
        (dict(val_dataloader=dict(dataset=FACES)), 'a.py: val_cfg is missing'),
        (dict(optim_wrapper=[1]), r'a.py: optim_wrapper is \[1\] and must be a mapping'),
        (dict(custom_hooks=dict(type='A')), 'custom_hooks is .* and must be a list'),
        (dict(load_from=3), 'load_from is 3 and must be a text'),
        (dict(train_cfg=dict(max_epochs='ten')), "train_cfg.max_epochs is 'ten'"),
        (dict(train_cfg=dict(max_epochs=True)), 'train_cfg.max_epochs is True'),
    ],
)
def test_what_is_wrong_with_a_config(changed: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_needed(whole(**changed), 'train', 'a.py')


@pytest.mark.parametrize(
    ('loader', 'said'),
    [
        (dict(), r'x\.dataset is None'),
        (dict(dataset=FACES, num_workers=True), 'num_workers is True'),
        (dict(dataset=FACES, batch_size=1.5), 'batch_size is 1.5'),
        (dict(dataset=FACES, prefetch_factor=2), 'set prefetch_factor=None, or num_workers to 1'),
        (dict(dataset=dict(FACES, pipeline='Load')), "pipeline is 'Load' and must be a list"),
        (dict(dataset=dict(type='A', datasets=[FACES, 3])), r'datasets\[1\] is 3'),
        (
            dict(dataset=dict(type='A', dataset=dict(pipeline=[]))),
            'dataset.dataset is .* with type',
        ),
        (dict(dataset=dict(type='A', pipeline=[dict(prob=1)])), r'pipeline\[0\] is .* with type'),
    ],
)
def test_what_is_wrong_with_a_loader(loader: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_loader('x', loader)
