"""Numbers out of all bounds are named; what trainings use passes."""

from __future__ import annotations

from typing import Any

import pytest

from fanet_mmpose.engine.number_bounds import (
    check_batch_memory,
    check_numbers,
    installed_memory,
    numbers_in,
)
from fanet_mmpose.errors import UserError

HUGE = 10**9


def whole(side: Any = 256, **changed: Any) -> dict[str, Any]:
    codec = dict(input_size=(side, 256), stride=4)
    return dict(
        model=dict(head=dict(decoder=codec, attention=dict(embed_dims=64))),
        train_dataloader=dict(batch_size=16, num_workers=4),
        optim_wrapper=dict(optimizer=dict(lr=1e-3), clip_grad=dict(norm_type=float('inf'))),
        train_cfg=dict(max_epochs=10**12),
        **changed,
    )


def test_what_trainings_use_passes() -> None:
    check_numbers(whole())
    check_numbers(whole(val_dataloader=None, seed=2**40, load_from='a.pth'))
    check_batch_memory(whole(), 'train_dataloader')
    check_batch_memory(dict(model=dict(head=None)), 'train_dataloader')
    assert (installed_memory() or 10**9) > 10**8


def test_places_of_numbers() -> None:
    found = [*numbers_in(dict(a=[dict(b=1), (2.5, True)], c='3', d=None))]
    assert found == [('a[0].b', 1), ('a[1][0]', 2.5)]


@pytest.mark.parametrize('side', [HUGE, 0, -64, 256.5])
def test_sides(side: Any) -> None:
    with pytest.raises(UserError, match=rf'model\.head\.decoder\.input_size\[0\] is {side} and'):
        check_numbers(whole(side))


@pytest.mark.parametrize(
    ('changed', 'said'),
    [
        (dict(val_dataloader=dict(batch_size=HUGE)), 'val_dataloader.batch_size is 1000000000'),
        (dict(val_dataloader=dict(num_workers=10**6)), 'num_workers is 1000000 .* cores'),
        (dict(val_dataloader=dict(prefetch_factor=HUGE)), 'prefetch_factor is 1000000000'),
        (dict(param_scheduler=[dict(gamma=float('inf'))]), r'param_scheduler\[0\]\.gamma is inf'),
        (dict(custom_hooks=[dict(momentum=float('nan'))]), r'custom_hooks\[0\]\.momentum is nan'),
    ],
)
def test_out_of_bounds(changed: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_numbers(whole(**changed))


@pytest.mark.parametrize('dims', [HUGE, -HUGE])
def test_layers(dims: int) -> None:
    config = whole()
    config['model']['head']['attention']['embed_dims'] = dims
    with pytest.raises(UserError, match=rf'attention\.embed_dims is {dims}, more than any layer'):
        check_numbers(config)


def test_a_batch_larger_than_the_memory() -> None:
    with pytest.raises(UserError, match='256×256 px takes 0 GB .* has 0 GB: set it lower'):
        check_batch_memory(whole(), 'train_dataloader', memory=16 * 256 * 256 * 12 - 1)
    check_batch_memory(whole(), 'train_dataloader', memory=16 * 256 * 256 * 12)
