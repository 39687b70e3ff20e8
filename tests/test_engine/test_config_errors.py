"""The config is at fault where a part refuses its settings, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip('mmengine')
from mmengine.registry import Registry  # noqa: E402

from fanet_mmpose.engine import error_origin  # noqa: E402
from fanet_mmpose.engine.config_errors import building_parts  # noqa: E402
from fanet_mmpose.errors import UserError  # noqa: E402

PARTS = Registry('part')


@PARTS.register_module()
class Wheel:
    def __init__(self, spokes: int, hub: dict | None = None) -> None:
        self.each = 360 / spokes
        self.hub = PARTS.build(hub) if hub else None


def build(config: dict[str, Any]) -> None:
    with building_parts(config):
        PARTS.build(dict(config['model']))


@pytest.mark.parametrize(
    ('part', 'said'),
    [
        (dict(type='Weel', spokes=3), r'model: Weel is not in the registry of parts \(did you'),
        (dict(type='Wheel', spoke=3), r'model \(Wheel\) has no setting spoke \(did you mean'),
        (dict(type='Wheel', spokes=3, hub=dict(type='Weel')), r'model\.hub: Weel is not'),
        (dict(type='Wheel', spokes=3, hub=dict(spokes=1)), r'model\.hub has no type'),
        (dict(type='Wheel', spokes='a'), r"model \(Wheel\): spokes is 'a' and must be int"),
        (dict(type='Wheel', spokes=0), r'model \(Wheel\) cannot be built .*division by zero'),
        (dict(type='Wheel'), "missing 1 required positional argument: 'spokes'"),
    ],
)  # fmt: skip
def test_a_part_that_refuses(part: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        build(dict(model=part))


def test_our_own_errors_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_origin, 'PACKAGE', error_origin.Path(__file__).parent)
    with pytest.raises(ZeroDivisionError):  # as if `Wheel` were of the package
        build(dict(model=dict(type='Wheel', spokes=0)))
    with pytest.raises(UserError, match='must be int'):
        build(dict(model=dict(type='Wheel', spokes='a')))


@pytest.mark.parametrize('error', [ValueError('outside'), OSError(28, 'full'), KeyError('x')])
def test_errors_outside_a_part_stay(error: Exception) -> None:
    def fail() -> None:
        raise error

    for call in (fail, raising_inside(error)):
        with pytest.raises(type(error)), building_parts({}):
            call()


def raising_inside(error: Exception) -> Callable[[], None]:
    """A failure of the disk while a part is built; any error in a call after it was built."""

    def fail() -> None:
        PARTS.build(dict(type='Wheel', spokes=1))
        raise error

    return fail
