"""Names that registries know, and the sentence for one that they do not."""

from __future__ import annotations

import pytest

pytest.importorskip('mmengine')
from mmengine.registry import Registry  # noqa: E402

from fanet_mmpose.engine.known_parts import (  # noqa: E402
    check_optimizer,
    find_class,
    is_known,
    known_names,
)
from fanet_mmpose.errors import UserError  # noqa: E402

WHEELS = Registry('wheel', scope='mmengine')
OWN_WHEELS = Registry('wheel', parent=WHEELS, scope='own')


@WHEELS.register_module()
class Round:
    pass


@OWN_WHEELS.register_module()
class Oval:
    pass


def test_a_child_knows_what_its_parent_knows() -> None:
    assert known_names(OWN_WHEELS) == {'Round', 'Oval'}
    assert known_names(WHEELS) == {'Round'}
    assert is_known('Oval', OWN_WHEELS) and is_known('Round', OWN_WHEELS)
    assert not is_known('Ovl', OWN_WHEELS)


def test_the_class_of_a_type() -> None:
    assert find_class('Oval', OWN_WHEELS, 'model.wheel') is Oval
    assert find_class(Oval, WHEELS, 'model.wheel') is Oval
    with pytest.raises(UserError, match=r'model\.wheel: Ovla is not .*wheels \(did you mean Oval'):
        find_class('Ovla', OWN_WHEELS, 'model.wheel')


def test_an_optimizer_that_is_none() -> None:
    pytest.importorskip('mmpose')
    check_optimizer(dict(optim_wrapper=dict(optimizer=dict(type='SGD', lr=1))))
    check_optimizer(dict(optim_wrapper=dict(constructor='Own')))
    with pytest.raises(UserError, match=r'optim_wrapper\.optimizer: SDG is not'):
        check_optimizer(dict(optim_wrapper=dict(optimizer=dict(type='SDG'))))
